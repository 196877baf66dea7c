import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../test/property-runs.ts';
import { createNetworks, type IpStanding, standingOf } from './ip-standing.ts';

describe('standingOf', () => {
  it.each<[string, IpStanding]>([
    ['8.8.8.8', 'public'],
    ['1.0.0.0', 'public'],
    ['9.255.255.255', 'public'],
    ['11.0.0.0', 'public'],
    ['100.63.255.255', 'public'],
    ['100.128.0.0', 'public'],
    ['172.15.255.255', 'public'],
    ['172.32.0.0', 'public'],
    ['192.167.255.255', 'public'],
    ['198.17.255.255', 'public'],
    ['223.255.255.255', 'public'],
    ['0.0.0.0', 'reserved'],
    ['0.255.255.255', 'reserved'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.0', 'shared'],
    ['100.127.255.255', 'shared'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.255', 'loopback'],
    ['169.254.0.1', 'link-local'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['192.88.99.1', 'reserved'],
    ['192.168.255.255', 'private'],
    ['198.18.0.0', 'reserved'],
    ['198.19.255.255', 'reserved'],
    ['198.51.100.1', 'reserved'],
    ['203.0.113.1', 'reserved'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.0', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['2606:4700:4700::1111', 'public'],
    ['2a00:1450:4001::1', 'public'],
    ['3ffe::1', 'public'],
    ['::', 'reserved'],
    ['::1', 'loopback'],
    ['::2', 'reserved'],
    ['0:0:0:0:0:0:0:1', 'loopback'],
    ['::127.0.0.1', 'reserved'],
    ['::ffff:127.0.0.1', 'reserved'],
    ['::ffff:8.8.8.8', 'reserved'],
    ['::ffff:a9fe:a9fe', 'metadata'],
    ['::ffff:0:127.0.0.1', 'reserved'],
    ['64:ff9b::8.8.8.8', 'public'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['64:ff9b::169.254.169.254', 'metadata'],
    ['64:ff9b:1::8.8.8.8', 'reserved'],
    ['100::1', 'reserved'],
    ['2001::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['2002:7f00:1::', 'reserved'],
    ['2002:808:808::', 'reserved'],
    ['3fff::1', 'reserved'],
    ['4000::1', 'reserved'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'reserved'],
    ['ff02::1', 'multicast'],
    ['fe80::1%eth0', 'not-an-ip'],
    ['2606:4700::1%1', 'not-an-ip'],
    ['127.1', 'not-an-ip'],
    ['0x7f.0.0.1', 'not-an-ip'],
    ['0177.0.0.1', 'not-an-ip'],
    ['2130706433', 'not-an-ip'],
    ['[::1]', 'not-an-ip'],
    ['localhost', 'not-an-ip'],
    ['', 'not-an-ip'],
  ])('%s is %s', (ip, standing) => {
    expect(standingOf(ip)).toBe(standing);
  });

  it('judges what NAT64 shows as it judges the address inside, and refuses mapped ones', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(standingOf(`64:ff9b::${ip}`)).toBe(standingOf(ip));
        expect(standingOf(`::ffff:${ip}`)).not.toBe('public');
      }),
      runs(100),
    );
  });

  it('calls no address public that could be one of our own', () => {
    const ours = fc.oneof(
      fc.tuple(fc.constantFrom('10', '127', '0', '224', '250'), fc.nat(255), fc.nat(255), fc.nat(255)),
      fc.tuple(fc.constantFrom('192.168', '169.254', '172.20', '100.99'), fc.nat(255), fc.nat(255)),
    );
    fc.assert(
      fc.property(ours, (parts) => standingOf(parts.join('.')) !== 'public'),
      runs(100),
    );
  });
});

describe('createNetworks', () => {
  it.each<[string, string, boolean]>([
    ['10.1.0.0/16', '10.1.255.255', true],
    ['10.1.0.0/16', '10.2.0.0', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.1.2.4', false],
    ['0.0.0.0/0', '10.1.2.3', true],
    ['fd12::/48', 'fd12:0:0:1::1', true],
    ['fd12::/48', 'fd13::1', false],
    ['10.1.0.0/33', '10.1.0.0', false],
    ['10.1.0.0/-1', '10.1.0.0', false],
    ['10.1.0.0/8/8', '10.1.0.0', false],
    ['10.1.0.0/', '10.1.0.0', false],
    ['intern.example.com', '10.1.0.0', false],
    ['10.1.0.0/16', 'intern.example.com', false],
  ])('%s holds %s: %s', (network, ip, holds) => {
    expect(createNetworks([network])(ip)).toBe(holds);
  });
});
