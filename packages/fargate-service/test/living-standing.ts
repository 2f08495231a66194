import { Questions, until } from './living-questions';
import { ZONE_ID } from './living-shop';

/** Tests of what a service with a public balancer is when it has been deployed, as AWS says it. */
export function whatStands(asked: () => Questions): void {
  test('the cluster: enhanced insights, and both providers of capacity', async () => {
    const { settings, capacityProviders } = await asked().cluster();
    expect(settings).toEqual([{ name: 'containerInsights', value: 'enhanced' }]);
    expect(capacityProviders).toEqual(['FARGATE', 'FARGATE_SPOT']);
  });

  test('the service: as many tasks as scaling wants at least, although the template names no number', async () => {
    await until(() => asked().runs('Guestbook', 2));
    const { deploymentConfiguration, ...service } = await asked().service('Guestbook');
    expect(service).toMatchObject({
      healthCheckGracePeriodSeconds: 60,
      availabilityZoneRebalancing: 'ENABLED',
      networkConfiguration: { awsvpcConfiguration: { assignPublicIp: 'DISABLED' } },
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 0 },
        { capacityProvider: 'FARGATE_SPOT', weight: 1 },
      ],
    });
    expect(deploymentConfiguration).toMatchObject({
      strategy: 'ROLLING',
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { enable: true, rollback: true },
    });
    const ids = Object.entries(await asked().ids());
    const alarms = ids.filter(([id]) => id.startsWith('GuestbookDeployment')).map(([, name]) => name);
    expect(alarms).toHaveLength(2);
    expect(deploymentConfiguration!.alarms!.alarmNames!.sort()).toEqual(alarms.sort());
    expect(await asked().healthOf('Guestbook')).toEqual(['healthy', 'healthy']);
  });

  test('the task: a user without rights, a root that cannot be written, 64 MiB of /tmp, secrets by reference', async () => {
    const { cpu, memory, containerDefinitions } = await asked().definition('Orders');
    expect({ cpu, memory }).toEqual({ cpu: '512', memory: '1024' });
    const [container] = containerDefinitions!;
    expect(container).toMatchObject({
      user: '1000:1000',
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ['ALL'] }, tmpfs: [{ containerPath: '/tmp', size: 64 }] },
      environment: [
        { name: 'PORT', value: '3000' },
        { name: 'COLOUR', value: 'green' },
      ],
    });
    const secret = await asked().idOf('AWS::SecretsManager::Secret', 'Database');
    expect(container.secrets).toMatchObject([
      { name: 'PASSWORD', valueFrom: `${secret}:password::` },
      { name: 'TOKEN', valueFrom: expect.stringMatching(/^arn:.*:parameter\//) },
    ]);
  });

  test('the listeners: 443 with the certificate, one rule for each host, and 80 leads there', async () => {
    const https = await asked().listener(443);
    const CertificateArn = await asked().idOf('AWS::CertificateManager::Certificate', 'Guestbook');
    expect(https).toMatchObject({ Protocol: 'HTTPS', Certificates: [{ CertificateArn }] });
    const rules = https.rules.map(({ Priority, Conditions, Actions }) => [
      Priority,
      Conditions![0].HostHeaderConfig!.Values,
      Actions![0].TargetGroupArn,
    ]);
    const groupOf = (word: string) => asked().idOf('AWS::ElasticLoadBalancingV2::TargetGroup', word);
    expect(rules).toEqual([
      ['100', ['orders.example.com'], await groupOf('Orders')],
      ['50000', ['api.example.com'], await groupOf('Guestbook')],
    ]);
    const { DefaultActions } = await asked().listener(80);
    expect(DefaultActions).toMatchObject([
      { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
    ]);
  });

  test('scaling: 2 to 6 tasks, 60 % CPU and 70 % memory, out after a minute, in after five', async () => {
    const { MinCapacity, MaxCapacity, policies } = await asked().scalingOf('Guestbook');
    expect([MinCapacity, MaxCapacity]).toEqual([2, 6]);
    const tracking = (PredefinedMetricType: string, TargetValue: number) => ({
      PredefinedMetricSpecification: { PredefinedMetricType },
      TargetValue,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    });
    expect(policies).toEqual([
      tracking('ECSServiceAverageCPUUtilization', 60),
      tracking('ECSServiceAverageMemoryUtilization', 70),
    ]);
  });

  test('the record: the name leads to the balancer', async () => {
    const [{ DNSName }] = await asked().loadBalancers();
    const [record] = /<Name>api\.example\.com\.<\/Name>.*?<\/ResourceRecordSet>/s.exec(
      await asked().recordsIn(ZONE_ID),
    )!;
    expect(record).toContain('<Type>A</Type>');
    expect(record.toLowerCase()).toContain(DNSName!.toLowerCase());
  });
}
