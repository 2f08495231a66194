/** `C-0x5…: shop/app@10.0.0.7:49152 pooler error: SASL authentication failed` */
const CLIENT_REFUSED = / C-0x[0-9a-f]+: .* pooler error: /;
/** Every client says when it goes, those too that only look whether somebody answers: why one was sent away stands in a line before. */
const CLIENT_LEFT = / C-0x[0-9a-f]+: .* closing because: /;
/** `S-0x5…: shop/app@10.0.2.9:5432 closing because: connect failed (age=0s)` */
const SERVER_LEFT = / S-0x[0-9a-f]+: .* closing because: (.*?)(?: \(age=\d+s\))?$/;
/** Why PgBouncer itself closes a connection that is well. */
const ORDINARY = new Set([
  'server idle timeout',
  'server lifetime over',
  'evicted',
  'pause mode',
  'client disconnect while server was not ready',
  'client cancelled query',
]);

/** What PgBouncer writes: what of it is worth keeping, and how often clients were turned away and servers not reached. */
export class PoolLog {
  private refused = 0;
  private unreached = 0;

  /** Counts, and answers whether the line tells anything. */
  public read(line: string): boolean {
    if (CLIENT_REFUSED.test(line)) this.refused += 1;
    else if (CLIENT_LEFT.test(line)) return false;
    const left = SERVER_LEFT.exec(line);
    if (!left) return true;
    if (ORDINARY.has(left[1])) return false;
    this.unreached += 1;
    return true;
  }

  /** What was counted since the last time. */
  public take(): { readonly RefusedClients: number; readonly FailedServerConnections: number } {
    const taken = { RefusedClients: this.refused, FailedServerConnections: this.unreached };
    this.refused = 0;
    this.unreached = 0;
    return taken;
  }
}
