// Runs before anything is installed, on any Node: says what is missing instead of failing somewhere inside a tool.
const [major, minor] = process.versions.node.split('.').map(Number);
const fits = major > 20 || (major === 20 && minor >= 19);
if (!fits) {
  console.error(
    `groundplan needs Node.js 20.19 or newer, and this is ${process.version}. Install a newer Node.js and run the command again.`,
  );
  process.exit(1);
}
