'use strict';

/** How long a new version may need until the first good answer, and how long to wait between two questions. */
const PATIENCE = 60_000;
const PAUSE = 2_000;

/**
 * A lifecycle hook of ECS: asks the new version what was declared, through the test rule of the load balancer. ECS rolls
 * the deployment back on any other answer than SUCCEEDED.
 */
exports.handler = async () => {
  const { BASE_URL, TEST_HEADER, TEST_VALUE, CHECKS } = process.env;
  const patience = Number(process.env.PATIENCE_MS ?? PATIENCE);
  const headers = { [TEST_HEADER]: TEST_VALUE, 'user-agent': 'groundplan-smoke-hook' };
  const checks = JSON.parse(CHECKS);
  const complaints = await Promise.all(checks.map((check) => until(() => ask(BASE_URL, headers, check), patience)));
  checks.forEach(({ path }, i) => console.log(JSON.stringify({ path, result: complaints[i] ?? 'as declared' })));
  return { hookStatus: complaints.every((complaint) => complaint === undefined) ? 'SUCCEEDED' : 'FAILED' };
};

/** Asks again until there is nothing to complain about, or no time left. */
async function until(ask, patience) {
  const end = Date.now() + patience;
  for (;;) {
    const complaint = await ask();
    if (complaint === undefined || Date.now() + PAUSE > end) return complaint;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** Asks once; what is wrong with the answer, if anything. */
async function ask(base, headers, { path, status, withinMs, contains }) {
  const begun = Date.now();
  try {
    const signal = AbortSignal.timeout(withinMs);
    const answer = await fetch(new URL(path, base), { headers, signal, redirect: 'manual' });
    const body = await answer.text();
    if (answer.status !== status) return `status ${answer.status} instead of ${status}`;
    if (contains && !body.includes(contains)) return `an answer without "${contains}"`;
  } catch (error) {
    const took = Date.now() - begun;
    return error.name === 'TimeoutError' ? `no answer after ${took} ms` : String(error.cause ?? error);
  }
}
