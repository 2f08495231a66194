import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Connection, IConnectConsumer, IConnectTarget } from './connection';

/** What a consumer does with a queue. */
export enum QueueUse {
  /** Sends messages. */
  SEND = 'send',
  /** Receives and deletes messages. */
  CONSUME = 'consume',
}

/** What a consumer does with stored data. */
export enum DataUse {
  /** Reads. */
  READ = 'read',
  /** Reads and writes. */
  READ_WRITE = 'read-write',
}

/** CDK's own resources as targets, and the one way in which a consumer is wired to a target. */
export class ConnectTarget {
  /**
   * Wires a consumer to a target: opens the one port between the two, has the target grant what is needed, and answers
   * the environment and the secrets that the consumer has to inject.
   *
   * Every rule is created in the consumer's stack, so that a stack of data never depends on the stacks that use it.
   */
  public static wire(consumer: IConnectConsumer, target: IConnectTarget): Connection {
    const connection = target.connectionFor(consumer);
    if ((connection.connections === undefined) !== (connection.port === undefined))
      throw new Error(
        `IConnectTarget.connectionFor: connections and port must be given together, got only ${connection.port ? 'port' : 'connections'}; ` +
          'a target on the network has both, an AWS API has neither',
      );
    if (connection.connections && connection.port)
      consumer.connections.allowTo(connection.connections, connection.port);
    return connection;
  }

  /**
   * A queue; the consumer gets `QUEUE_URL`.
   *
   * @param use what the consumer does with it, by default sends
   */
  public static queue(queue: IQueue, use: QueueUse = QueueUse.SEND): IConnectTarget {
    return new GrantedTarget({ QUEUE_URL: queue.queueUrl }, (consumer) =>
      use === QueueUse.SEND ? queue.grantSendMessages(consumer) : queue.grantConsumeMessages(consumer),
    );
  }

  /** A topic that the consumer publishes to; it gets `TOPIC_ARN`. */
  public static topic(topic: ITopic): IConnectTarget {
    return new GrantedTarget({ TOPIC_ARN: topic.topicArn }, (consumer) => topic.grantPublish(consumer));
  }

  /**
   * A bucket; the consumer gets `BUCKET_NAME`.
   *
   * @param use what the consumer does with it, by default reads
   */
  public static bucket(bucket: IBucket, use: DataUse = DataUse.READ): IConnectTarget {
    return new GrantedTarget({ BUCKET_NAME: bucket.bucketName }, (consumer) =>
      use === DataUse.READ ? bucket.grantRead(consumer) : bucket.grantReadWrite(consumer),
    );
  }

  /**
   * A DynamoDB table; the consumer gets `TABLE_NAME`.
   *
   * @param use what the consumer does with it, by default reads
   */
  public static table(table: ITable, use: DataUse = DataUse.READ): IConnectTarget {
    return new GrantedTarget({ TABLE_NAME: table.tableName }, (consumer) =>
      use === DataUse.READ ? table.grantReadData(consumer) : table.grantReadWriteData(consumer),
    );
  }

  private constructor() {}
}

/** An AWS API: IAM decides, nothing is opened on the network. */
class GrantedTarget implements IConnectTarget {
  constructor(
    private readonly environment: { [name: string]: string },
    private readonly grant: (consumer: IConnectConsumer) => unknown,
  ) {}

  public connectionFor(consumer: IConnectConsumer): Connection {
    this.grant(consumer);
    return { environment: this.environment, secrets: {} };
  }
}
