// Synthesizes one app in this process and prints what it took: node measure.cjs network | network-by-hand | …
const { mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const { App, Stack } = require('aws-cdk-lib/core');
const outdir = mkdtempSync(join(tmpdir(), 'groundplan-bench-'));
const app = new App({ outdir, context: require('aws-cdk-lib/recommended-feature-flags.json') });
require(`./${process.argv[2]}.cjs`)(app, Stack);
app.synth();

const { user, system } = process.cpuUsage();
const template = readdirSync(outdir).find((file) => file.endsWith('.template.json'));
const resources = Object.values(JSON.parse(readFileSync(join(outdir, template), 'utf8')).Resources);
rmSync(outdir, { recursive: true });
console.log(
  JSON.stringify({
    cpuMs: (user + system) / 1000,
    modules: Object.keys(require.cache).length,
    types: resources.map(({ Type }) => Type).sort(),
  }),
);
