#!/usr/bin/env node
import { runCommandLine } from './cli';

// The versions of the SDK are pinned here: its notice about Node.js is for us and not for who runs the command.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

void runCommandLine(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
