import { InterfaceVpcEndpointAwsService as Service } from 'aws-cdk-lib/aws-ec2';

/**
 * AWS services that private subnets reach without leaving the network, named for what needs them. Each service is one
 * interface endpoint, which is charged per zone and hour; S3 and DynamoDB are reached by gateways, which are free and
 * always there.
 */
export class EndpointSet {
  /** What a Fargate task needs to start: its image, its logs, its secrets and its parameters. */
  public static readonly FARGATE = EndpointSet.of('fargate', [
    Service.ECR,
    Service.ECR_DOCKER,
    Service.CLOUDWATCH_LOGS,
    Service.SECRETS_MANAGER,
    Service.SSM,
  ]);
  /** Session Manager and ECS Exec: a shell without a bastion. */
  public static readonly SSM = EndpointSet.of('ssm', [Service.SSM, Service.SSM_MESSAGES, Service.EC2_MESSAGES]);
  /** What looks after a database: its secrets, its keys, and the RDS API. */
  public static readonly DATA = EndpointSet.of('data', [Service.SECRETS_MANAGER, Service.KMS, Service.RDS]);
  /** Queues, topics and events. */
  public static readonly MESSAGING = EndpointSet.of('messaging', [Service.SQS, Service.SNS, Service.EVENTBRIDGE]);
  /** Logs, metrics and traces. */
  public static readonly OBSERVABILITY = EndpointSet.of('observability', [
    Service.CLOUDWATCH_LOGS,
    Service.CLOUDWATCH_MONITORING,
    Service.XRAY,
  ]);

  /**
   * A set of your own.
   *
   * @param name what messages call it
   * @param services the services; one that is in several sets is made once
   */
  public static of(name: string, services: Service[]): EndpointSet {
    return new EndpointSet(name, services);
  }

  private constructor(
    /** What messages call it. */
    public readonly name: string,
    /** The services, each an interface endpoint. */
    public readonly services: Service[],
  ) {}
}
