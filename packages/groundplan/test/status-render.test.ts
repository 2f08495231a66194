import { stripVTControlCharacters } from 'util';
import { renderDatabases, renderNotes, renderServices } from '../src/local/status/render';

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

  test('is, of databases, where they answer, by which proxies too, and which secret holds the password', () => {
    const database = { ...where, engine: 'aurora-postgresql', version: '17.7', status: 'available', proxies: [] };
    const url = 'postgresql://postgres@127.77.1.2:5432/guestbook';
    const proxies = [{ name: 'front', url: 'postgresql://postgres@127.77.1.3:5432/guestbook' }];
    const text = plain(
      renderDatabases([
        { ...database, name: 'main', url, secret: 'rds!cluster-1', proxies },
        { ...database, name: 'old', engine: 'mysql' },
      ]),
    );
    expect(text).toMatch(
      /main.*17\.7.*available.*postgresql:\/\/postgres@127\.77\.1\.2:5432\/guestbook.*rds!cluster-1/,
    );
    expect(text).toMatch(/by front.*postgresql:\/\/postgres@127\.77\.1\.3:5432\/guestbook/);
    expect(text).toMatch(/old.*mysql.*only a record/);
    expect(renderDatabases([])).toEqual([]);
  });

  test('names what is kept and not acted on', () => {
    const entry = { ...where, kind: 'bridge' as const, type: 'T', logicalId: 'L', physicalId: 'P', stack: 'S' };
    expect(plain(renderNotes([{ ...entry, note: 'nothing scales' }]))).toBe(
      'Good to know:\n  T L (stack S): nothing scales',
    );
  });
});
