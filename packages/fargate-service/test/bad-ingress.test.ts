import { Environment, Tier } from '@groundplan/core';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { PrefixList } from 'aws-cdk-lib/aws-ec2';
import { ApplicationListenerRule, ListenerAction, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { CloudFrontVpcOriginOptions, Ingress, ListenerOptions, LoadBalancerOptions } from '../src';
import { Ground, certificateIn, environmentOf, groundIn, serviceIn, serviceOn } from './services';

const hostname = 'api.example.com';
const message = (text: string) => new Error(`WebService "Services/Api": ${text}`);

/** What is said of a service whose ingress is wrong. */
function refused(ingress: (ground: Ground) => Ingress): () => unknown {
  const ground = groundIn(Tier.DEVELOPMENT);
  return () => serviceOn(ground, { ingress: ingress(ground) });
}

/** A certificate that another stack of the app makes, in a region of its own. */
function madeIn({ app }: Ground, region: string): Certificate {
  const environment = { ...environmentOf(Tier.DEVELOPMENT), region, zones: undefined };
  const env = { account: environment.account, region };
  const stack = new Stack(app, `Certificates-${region}`, { env, crossRegionReferences: true });
  Environment.define(stack, environment);
  return new Certificate(stack, 'Certificate', { domainName: hostname });
}

describe.each<['publicLoadBalancer' | 'internalLoadBalancer']>([['publicLoadBalancer'], ['internalLoadBalancer']])(
  'Ingress.%s',
  (word) => {
    const balancer = (options: (ground: Ground) => LoadBalancerOptions) =>
      refused((ground) => Ingress[word](options(ground)));
    const given = `ingress must be given a certificate, or a hostname and its zone to make one in, got`;
    const write = `write Ingress.${word}({ hostname: 'api.example.com', zone }); HTTPS needs a certificate`;

    test('without a certificate and without a name to make one for', () => {
      expect(balancer(() => ({}))).toThrow(message(`${given} neither; ${write}`));
    });

    test('with a name, and without its zone', () => {
      expect(balancer(() => ({ hostname }))).toThrow(message(`${given} hostname "api.example.com"; ${write}`));
    });

    test('with a zone, and without a name in it', () => {
      expect(balancer(({ zone }) => ({ zone }))).toThrow(
        /2 mistakes:\n {2}- ingress must be given a certificate, .* got a zone;[^]*\n {2}- ingress\.hostname must be given with a zone, got nothing; name the record that is to be made in it, or leave zone out$/,
      );
    });

    test.each(['api.example.org', 'apiexample.com', 'example.com.evil.org'])('with %s, outside of the zone', (name) => {
      expect(balancer(({ zone }) => ({ hostname: name, zone }))).toThrow(
        message(
          `ingress.hostname must be in the zone example.com, got "${name}"; write something.example.com, or pass the zone of ${name}`,
        ),
      );
    });

    const elsewhere =
      'ingress.certificate must be in eu-central-1, where the load balancer stands, got one in us-east-1; make it in a stack of eu-central-1, or import one from there';
    test('with a certificate of another region, imported', () => {
      const certificate = ({ stack }: Ground) => ({ certificate: certificateIn(stack, 'us-east-1') });
      expect(balancer(certificate)).toThrow(message(elsewhere));
    });

    test('with a certificate that a stack of another region makes', () => {
      expect(balancer((ground) => ({ certificate: madeIn(ground, 'us-east-1') }))).toThrow(message(elsewhere));
    });

    test.each([
      [Duration.seconds(0), '0'],
      [Duration.seconds(4001), '4001'],
      [Duration.millis(1500), '1.5'],
    ])('with silence for %s', (idleTimeout, got) => {
      expect(balancer(({ zone }) => ({ hostname, zone, idleTimeout }))).toThrow(
        message(
          `ingress.idleTimeout must be 1 to 4000 whole seconds, got ${got}; let clients of longer connections ping`,
        ),
      );
    });

    test('the zone itself, a name deep in it and a longest silence are no mistakes', () => {
      for (const name of ['example.com', 'a.b.example.com'])
        expect(balancer(({ zone }) => ({ hostname: name, zone, idleTimeout: Duration.seconds(4000) }))).not.toThrow();
    });
  },
);

describe('Ingress.cloudFrontVpcOrigin', () => {
  const distribution = (options: (ground: Ground) => Partial<CloudFrontVpcOriginOptions>) =>
    refused((ground) =>
      Ingress.cloudFrontVpcOrigin({
        hostname,
        zone: ground.zone,
        viewerCertificate: certificateIn(ground.stack, 'us-east-1'),
        originFacing: PrefixList.fromPrefixListId(ground.stack, 'CloudFront', 'pl-a3a144ca'),
        ...options(ground),
      }),
    );
  const elsewhere = message(
    'ingress.viewerCertificate must be in us-east-1, where CloudFront looks for it, got one in eu-west-1; make it in a stack of us-east-1, or import one from there',
  );

  test('with a certificate for viewers that is not in us-east-1, imported', () => {
    expect(distribution(({ stack }) => ({ viewerCertificate: certificateIn(stack, 'eu-west-1') }))).toThrow(elsewhere);
  });

  test('with one that a stack of another region makes', () => {
    expect(distribution((ground) => ({ viewerCertificate: madeIn(ground, 'eu-west-1') }))).toThrow(elsewhere);
  });

  test('one that a stack of us-east-1 makes is taken', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    const stack = new Stack(ground.app, 'Edge', {
      env: { account: ground.stack.account, region: ground.stack.region },
      crossRegionReferences: true,
    });
    const ingress = Ingress.cloudFrontVpcOrigin({
      hostname,
      zone: ground.zone,
      viewerCertificate: madeIn(ground, 'us-east-1'),
      originFacing: PrefixList.fromPrefixListId(ground.stack, 'CloudFront', 'pl-a3a144ca'),
    });
    serviceOn({ ...ground, stack }, { ingress });
    Template.fromStack(stack).resourceCountIs('AWS::CloudFront::Distribution', 1);
  });

  test('with a certificate for the balancer from elsewhere, and a name outside of the zone', () => {
    expect(
      distribution(({ stack }) => ({
        hostname: 'api.example.org',
        originCertificate: certificateIn(stack, 'eu-west-1'),
      })),
    ).toThrow(
      /2 mistakes:\n {2}- ingress\.hostname must be in the zone[^]*\n {2}- ingress\.originCertificate must be in eu-central-1/,
    );
  });
});

test('Ingress.apiGatewayVpcLink with a certificate from elsewhere, and a name outside of the zone', () => {
  expect(
    refused(({ stack, zone }) =>
      Ingress.apiGatewayVpcLink({
        hostname: 'api.example.org',
        zone,
        certificate: certificateIn(stack, 'us-east-1'),
      }),
    ),
  ).toThrow(
    /2 mistakes:\n {2}- ingress\.hostname must be in the zone[^]*\n {2}- ingress\.certificate must be in eu-central-1/,
  );
});

describe('Ingress.listener', () => {
  const room = 'leave room between services: 100, 200, 300';
  const behind = (options: ListenerOptions) => {
    const { service, ...ground } = serviceIn(Tier.DEVELOPMENT);
    return () => serviceOn(ground, { ingress: Ingress.listener(service.listener!, options) }, 'Orders');
  };
  const orders = (text: string) => new Error(`WebService "Services/Orders": ${text}`);

  test.each([0, 50001, -1, 1.5])('with priority %d', (priority) => {
    expect(behind({ priority, paths: ['/*'] })).toThrow(
      orders(`ingress.priority must be between 1 and 50000, got ${priority}; ${room}`),
    );
  });

  test('with the priority of another service: both are named, and a free one', () => {
    const { service, ...ground } = serviceIn(Tier.DEVELOPMENT);
    const join = (id: string, priority: number) =>
      serviceOn(ground, { ingress: Ingress.listener(service.listener!, { priority, paths: [`/${id}/*`] }) }, id);
    join('Orders', 100);
    join('Stock', 101);
    expect(() => join('Bills', 100)).toThrow(
      new Error(
        'WebService "Services/Bills": ingress.priority must be one that no other rule of the listener has: "Services/Orders" and "Services/Bills" collide, got 100; choose another, such as 102',
      ),
    );
    expect(() => join('Last', 50000)).toThrow(
      /"Services\/Api" and "Services\/Last" collide, got 50000; choose another, such as 1$/,
    );
  });

  test('with the priority of a rule that somebody made by hand', () => {
    const { service, ...ground } = serviceIn(Tier.DEVELOPMENT);
    const listener = service.listener!;
    new ApplicationListenerRule(ground.stack, 'ByHand', {
      listener,
      priority: 7,
      conditions: [ListenerCondition.pathPatterns(['/robots.txt'])],
      action: ListenerAction.fixedResponse(404),
    });
    expect(() =>
      serviceOn(ground, { ingress: Ingress.listener(listener, { priority: 7, paths: ['/*'] }) }, 'Orders'),
    ).toThrow(/"Services\/ByHand" and "Services\/Orders" collide/);
  });

  test('the same priority on another listener is no mistake', () => {
    const ground = groundIn(Tier.DEVELOPMENT);
    for (const id of ['A', 'B']) {
      const certificate = certificateIn(new Stack(ground.app, `Of${id}`, { env: ground.stack }), 'eu-central-1');
      const { listener } = serviceOn(ground, { ingress: Ingress.publicLoadBalancer({ certificate }) }, `Edge${id}`);
      serviceOn(ground, { ingress: Ingress.listener(listener!, { priority: 100, paths: ['/*'] }) }, `Orders${id}`);
    }
    expect(() => ground.app.synth()).not.toThrow();
  });

  const sixHosts = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.example.com`);
  test.each<[string, Partial<ListenerOptions>, string]>([
    ['no condition', {}, "0; say which requests are for this service, such as hosts: ['api.example.com']"],
    ['conditions that are empty', { hosts: [], paths: [], headers: {} }, '0; say which requests'],
    ['six names', { hosts: sixHosts }, '6; use wildcards, or a name of its own for this service'],
    [
      'six conditions of all kinds',
      { hosts: sixHosts.slice(3), paths: ['/*'], headers: { 'X-A': ['1'], 'X-B': ['2'] } },
      '6; use wildcards',
    ],
  ])('with %s', (_, options, text) => {
    expect(behind({ priority: 1, ...options })).toThrow(
      `ingress must be given 1 to 5 hosts, paths and values of headers in all, got ${text}`,
    );
  });

  test('with a header that has no value, beside another condition', () => {
    expect(behind({ priority: 1, paths: ['/*'], headers: { 'X-A': ['1'], 'X-B': [] } })).toThrow(
      orders(
        "ingress.headers.X-B must be given one value or more, got none; write headers: { 'X-B': ['…'] }, or leave it out",
      ),
    );
  });

  test('with a path without a slash', () => {
    expect(behind({ priority: 1, paths: ['/orders/*', 'stock/*', '*.png'] })).toThrow(
      orders('ingress.paths must be paths that begin with a slash, got "stock/*"; write "/stock/*"'),
    );
  });

  test('with everything wrong at once: one error', () => {
    expect(behind({ priority: 0, paths: ['stock', 'bills'] })).toThrow(
      /^WebService "Services\/Orders" has 3 mistakes:\n {2}- ingress\.priority [^]*\n {2}- ingress\.paths [^]*\n {2}- ingress\.paths /,
    );
  });

  test.each<ListenerOptions>([
    { priority: 1, hosts: sixHosts.slice(1) },
    { priority: 49999, paths: ['/*'] },
    { priority: 2, headers: { 'X-A': ['1', '2', '3', '4', '5'] } },
  ])('%j is no mistake', (options) => {
    expect(behind(options)).not.toThrow();
  });
});
