import { Environment, Findings, Mistakes } from '@groundplan/core';
import { Image, Tag } from '@groundplan/task';
import {
  Repository as EcrRepository,
  ImageTagMutabilityExclusionFilter,
  RepositoryEncryption,
  TagMutability,
  TagStatus,
} from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { REPOSITORY } from './private/defaults';

/** What a repository is. Every prop may be left out. */
export interface RepositoryProps {
  /**
   * How many images are kept, 1 or more; the oldest go first. A service that is rolled back needs the one before.
   *
   * @default by tier: 20, 50 in staging, 100 in production
   */
  readonly keepImages?: number;
  /**
   * Patterns of tags that may move to another image; `*` stands for any characters. All others stay where they are (CA-090).
   *
   * @default ['*-latest']
   */
  readonly movingTags?: string[];
  /**
   * The twelve digits of accounts that may pull.
   *
   * @default only this account
   */
  readonly pullAccounts?: string[];
  /**
   * A key of yours. It never changes once the repository stands.
   *
   * @default the key of S3
   */
  readonly encryptionKey?: IKey;
}

/**
 * A repository of container images (IP-029, CA-032): a tag names one image for good, every image is scanned when it is pushed,
 * old ones go.
 *
 * @example
 * import { Repository } from '@groundplan/fargate-service';
 * import { Tag } from '@groundplan/task';
 * import { App, Stack } from 'aws-cdk-lib';
 *
 * const images = new Repository(new Stack(new App(), 'Images'), 'Api');
 * images.image(Tag.fromParameter('/shop/api/image-tag'));
 */
export class Repository extends Construct {
  /** The repository underneath, with its grants. */
  public readonly ecrRepository: EcrRepository;

  constructor(scope: Construct, id: string, props: RepositoryProps = {}) {
    super(scope, id);

    // 1. validate
    const defaults = REPOSITORY[Environment.of(this).tier];
    const { keepImages = defaults.keepImages, movingTags = ['*-latest'], pullAccounts = [], encryptionKey } = props;
    const mistakes = new Mistakes(this, 'Repository');
    check({ keepImages, movingTags, pullAccounts }, mistakes);
    mistakes.throwIfAny();

    // 2. the repository
    this.ecrRepository = new EcrRepository(this, 'Repository', {
      imageScanOnPush: true,
      imageTagMutability: movingTags.length > 0 ? TagMutability.IMMUTABLE_WITH_EXCLUSION : TagMutability.IMMUTABLE,
      imageTagMutabilityExclusionFilters:
        movingTags.length > 0 ? movingTags.map((tag) => ImageTagMutabilityExclusionFilter.wildcard(tag)) : undefined,
      encryption: encryptionKey ? RepositoryEncryption.KMS : RepositoryEncryption.AES_256,
      encryptionKey,
      lifecycleRules: [
        {
          description: 'What lost its tag, or never had one',
          tagStatus: TagStatus.UNTAGGED,
          maxImageAge: Duration.days(1),
        },
        { description: 'The oldest', tagStatus: TagStatus.ANY, maxImageCount: keepImages },
      ],
      removalPolicy: defaults.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      emptyOnDelete: defaults.retain ? undefined : true,
    });

    // 3. who pulls
    for (const account of pullAccounts) {
      this.ecrRepository.grantPull(new AccountPrincipal(account));
      encryptionKey?.grantDecrypt(new AccountPrincipal(account));
    }

    // 4. what rules find and cannot be otherwise
    const resource = this.ecrRepository.node.defaultChild!;
    if (movingTags.length > 0)
      Findings.acknowledge(
        resource,
        ['cdk-validator-cfnguard::ecr_private_tag_immutability_enabled_check', 'checkov::CKV_AWS_51'],
        `Only tags such as ${movingTags[0]} move: they name what an environment runs. Pass movingTags: [] for none.`,
      );
    if (!encryptionKey)
      Findings.acknowledge(
        resource,
        ['checkov::CKV_AWS_136'],
        'Images are encrypted with the key of S3. Pass encryptionKey for a key of yours, before the first deployment.',
      );
  }

  /** One of its images. */
  public image(tag: Tag): Image {
    return Image.fromRepository(this.ecrRepository, { tag });
  }
}

type Checked = Required<Pick<RepositoryProps, 'keepImages' | 'movingTags' | 'pullAccounts'>>;

function check({ keepImages, movingTags, pullAccounts }: Checked, mistakes: Mistakes): void {
  if (!Token.isUnresolved(keepImages) && !(Number.isInteger(keepImages) && keepImages >= 1))
    mistakes.add({
      prop: 'keepImages',
      mustBe: 'a whole number, 1 or more',
      got: `${keepImages}`,
      remedy: 'keep enough to roll back to',
    });
  // https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html: five filters of 128 characters, two wildcards each
  const wrong = movingTags.find((tag) => !/^[A-Za-z0-9._*-]{1,128}$/.test(tag) || tag.split('*').length > 3);
  if (movingTags.length > 5 || wrong !== undefined)
    mistakes.add({
      prop: 'movingTags',
      mustBe: 'at most five patterns of 1 to 128 letters, digits, ".", "_", "-" and up to two "*"',
      got: wrong === undefined ? `${movingTags.length}` : `"${wrong}"`,
      remedy: 'name the ends that move, such as *-latest',
    });
  for (const account of pullAccounts)
    if (!Token.isUnresolved(account) && !/^\d{12}$/.test(account))
      mistakes.add({
        prop: 'pullAccounts',
        mustBe: 'accounts of twelve digits',
        got: `"${account}"`,
        remedy: 'write them as strings, with their leading zeros',
      });
}
