import { CfnRepository, IRepository } from 'aws-cdk-lib/aws-ecr';
import { ContainerDefinition, ContainerImage, ContainerImageConfig } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

/** An image of a repository of this app, by the address that the repository tells. */
class OwnRepositoryImage extends ContainerImage {
  constructor(
    private readonly repository: IRepository,
    private readonly name: string,
  ) {
    super();
  }

  public bind(_scope: Construct, container: ContainerDefinition): ContainerImageConfig {
    this.repository.grantPull(container.taskDefinition.obtainExecutionRole());
    return { imageName: this.name };
  }
}

/**
 * An image of a repository. CDK takes the address apart out of the ARN, which cfn-lint finds wrong where the repository stands
 * in another stack: it does not know that `Fn::GetStackOutput` gives a text.
 */
export function imageOf(repository: IRepository, tag: string): ContainerImage {
  const made = repository.node.defaultChild;
  return CfnRepository.isCfnRepository(made)
    ? new OwnRepositoryImage(repository, `${made.attrRepositoryUri}:${tag}`)
    : ContainerImage.fromEcrRepository(repository, tag);
}
