/** What can be said of the collector. */
export interface OpenTelemetryOptions {
  /**
   * The collector's image, by a version or pinned by the digest that the registry answers for it
   * (`docker buildx imagetools inspect <image>` tells it).
   *
   * @default AWS's distribution of the OpenTelemetry collector, version 0.48.0
   */
  readonly image?: string;
  /**
   * How much of the task's memory it gets, in MiB: 128 or more.
   *
   * @default 128
   */
  readonly memoryMiB?: number;
  /**
   * A configuration of yours, as YAML, in place of the one that sends traces to X-Ray and metrics to CloudWatch.
   *
   * @default OTLP in on this task only; traces to X-Ray, metrics to the task's log group in CloudWatch's embedded format
   */
  readonly config?: string;
}

/** How an application's traces and metrics leave a task. */
export class Telemetry {
  /**
   * Through a collector beside the application, which speaks OpenTelemetry's protocol on 127.0.0.1: 4317 for gRPC, 4318 for HTTP.
   * The application gets `OTEL_EXPORTER_OTLP_ENDPOINT`, `OTEL_SERVICE_NAME` and `OTEL_PROPAGATORS`. When the collector ends, the
   * application goes on.
   */
  public static openTelemetry(options: OpenTelemetryOptions = {}): Telemetry {
    return new Telemetry(options);
  }

  private constructor(
    /** @internal */
    public readonly _openTelemetry: OpenTelemetryOptions,
  ) {}
}
