import { stripVTControlCharacters } from 'util';
import { renderNotes, renderServices } from '../src/local/status/render';

const where = { account: '111111111111', region: 'eu-central-1' };
const service = { ...where, name: 'api', cluster: 'shop', desired: 2, running: 2, deployment: 'COMPLETED', urls: [] };
const plain = (parts: string[]) => stripVTControlCharacters(parts.join('\n'));

describe('what status says of services', () => {
  test('is nothing when there is none', () => {
    expect([...renderServices([]), ...renderNotes([])]).toEqual([]);
  });

  test('is how many tasks run, how the deployment is, and where it answers', () => {
    const urls = ['http://api.example.com.localhost:4566/'];
    const worker = { ...service, name: 'worker', running: 0, deployment: 'IN_PROGRESS', reason: '1 task failed' };
    const text = plain(renderServices([{ ...service, urls }, worker]));
    expect(text).toMatch(/api.*2 of 2.*completed.*http:\/\/api\.example\.com\.localhost:4566\//);
    expect(text).toMatch(/worker.*0 of 2.*in progress.*no load balancer/);
    expect(text).toMatch(/worker: 1 task failed/);
  });

  test('names what is kept and not acted on', () => {
    const entry = { ...where, kind: 'bridge' as const, type: 'T', logicalId: 'L', physicalId: 'P', stack: 'S' };
    expect(plain(renderNotes([{ ...entry, note: 'nothing scales' }]))).toBe(
      'Good to know:\n  T L (stack S): nothing scales',
    );
  });
});
