// Required before a container's program: what listens on every address listens on the task's own.
//
// A container has a network of its own, so programs listen on 0.0.0.0 without a thought. Here all
// tasks share one machine: each has an address (GROUNDPLAN_HOST), or ports (GROUNDPLAN_PORTS).
'use strict';

const dgram = require('dgram');
const net = require('net');

const own = process.env.GROUNDPLAN_HOST;
const ports = new Map(
  (process.env.GROUNDPLAN_PORTS || '')
    .split(',')
    .filter(Boolean)
    .map((pair) => pair.split(':').map(Number)),
);
const tasks = new Set((process.env.GROUNDPLAN_TASK_PORTS || '').split(',').filter(Boolean).map(Number));
const EVERYWHERE = new Set([undefined, null, '', '0.0.0.0', '::', '0:0:0:0:0:0:0:0']);
const HERE = new Set([undefined, null, '', 'localhost', '127.0.0.1', '::1']);

const isPort = (value) => (typeof value === 'number' || typeof value === 'string') && /^\d+$/.test(String(value));
const mapped = (port) => ports.get(Number(port)) ?? Number(port);

if (own) {
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...given) {
    const [first] = given;
    if (isPort(first)) {
      const callback = given.find((value) => typeof value === 'function');
      const host = typeof given[1] === 'string' && !isPort(given[1]) ? given[1] : undefined;
      const backlog = given.slice(1).find((value) => typeof value === 'number');
      const options = { port: mapped(first), host: EVERYWHERE.has(host) ? own : host, backlog };
      return listen.call(this, options, ...(callback ? [callback] : []));
    }
    if (first && typeof first === 'object' && isPort(first.port) && first.path === undefined) {
      const host = EVERYWHERE.has(first.host) ? own : first.host;
      return listen.call(this, { ...first, port: mapped(first.port), host, ipv6Only: false }, ...given.slice(1));
    }
    return listen.apply(this, given);
  };

  // The containers of a task reach one another by localhost.
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...given) {
    const normal = Array.isArray(given[0]) ? given[0] : undefined;
    const options = normal ? normal[0] : given[0];
    if (
      options &&
      typeof options === 'object' &&
      isPort(options.port) &&
      HERE.has(options.host) &&
      tasks.has(Number(options.port))
    ) {
      options.host = own;
      options.port = mapped(options.port);
    } else if (isPort(given[0]) && tasks.has(Number(given[0]))) {
      const host = typeof given[1] === 'string' ? given[1] : undefined;
      if (HERE.has(host)) {
        const callback = given.find((value) => typeof value === 'function');
        return connect.call(this, { port: mapped(given[0]), host: own }, ...(callback ? [callback] : []));
      }
    }
    return connect.apply(this, given);
  };

  const bind = dgram.Socket.prototype.bind;
  dgram.Socket.prototype.bind = function (...given) {
    if (isPort(given[0]) && (typeof given[1] !== 'string' || EVERYWHERE.has(given[1])) && this.type === 'udp4') {
      const callback = given.find((value) => typeof value === 'function');
      return bind.call(this, mapped(given[0]), own, ...(callback ? [callback] : []));
    }
    return bind.apply(this, given);
  };
}
