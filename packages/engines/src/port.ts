import * as net from 'net';
import { ExpectedFailure } from './expected-failure';

/** A port of an address that nothing listens on at this moment. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  return occupy(host, 0);
}

/** Fails when nothing can be started on the port of the address, with what to do. */
export async function mustBeFree(host: string, port: number): Promise<void> {
  await occupy(host, port);
}

/** What is said when somebody else listens already. */
export function portTaken(host: string, port: number): ExpectedFailure {
  return new ExpectedFailure(`port ${port} of ${host} is taken; end what listens there, or choose another port`);
}

async function occupy(host: string, port: number): Promise<number> {
  const server = net.createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, resolve);
    });
    return (server.address() as net.AddressInfo).port;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw portTaken(host, port);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new ExpectedFailure(`"${host}" is no address of this machine; use one such as 127.0.0.1`);
    if (code === 'EACCES')
      throw new ExpectedFailure(`port ${port} of ${host} may not be listened on by this user; use one above 1023`);
    throw error;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
