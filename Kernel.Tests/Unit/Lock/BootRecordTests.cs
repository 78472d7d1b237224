using System;
using System.Linq;
using HaukiOS.Lock;
using HaukiOS.Net;
using HaukiOS.Store;
using HaukiOS.Tests.Unit.Console;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Lock;

/// <summary>What is known before unlocking: its form on the disk, and what the kernel makes of a damaged one.</summary>
[TestFixture]
public sealed class BootRecordTests
{
    private static readonly NetworkSettings Static = new(
        AddressSource.Fixed,
        new InterfaceConfiguration(Ipv4Address.Of(10, 9, 0, 7), 24, Ipv4Address.Of(10, 9, 0, 1)));

    [Test]
    public void What_was_written_is_read()
    {
        BootRecord record = NewRecord();
        record.Network = Static;
        record.AllowsNetworkUnlock = false;
        record.Remember(Key(1));
        record.Remember(Key(2));
        Assert.That(BootRecord.TryDecode(record.Encode(), out BootRecord? read, out string? reason), reason);
        Assert.That(read!.BootKey, Is.EqualTo(record.BootKey));
        Assert.That(read.Network, Is.EqualTo(Static));
        Assert.That(read.AllowsNetworkUnlock, Is.False);
        Assert.That(read.Operators, Is.EqualTo(new[] { Key(1), Key(2) }));
    }

    [Test]
    public void A_new_record_asks_the_wire_and_can_be_unlocked_from_there()
    {
        Assert.That(BootRecord.TryDecode(NewRecord().Encode(), out BootRecord? read, out _));
        Assert.That(read!.Network, Is.EqualTo(NetworkSettings.Dhcp));
        Assert.That(read.AllowsNetworkUnlock);
        Assert.That(read.Operators, Is.Empty);
    }

    [Test]
    public void Any_other_byte_in_the_header_but_the_keys_is_refused_or_read_as_what_it_says()
    {
        BootRecord record = NewRecord();
        record.Network = Static;
        record.Remember(Key(1));
        byte[] good = record.Encode();
        int refused = 0;
        for (int at = 0; at < good.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] bad = (byte[])good.Clone();
                bad[at] ^= (byte)(1 << bit);
                if (BootRecord.TryDecode(bad, out BootRecord? read, out string? reason))
                {
                    Assert.That(read!.Encode(), Is.EqualTo(bad), $"byte {at}");
                }
                else
                {
                    Assert.That(reason, Is.Not.Null);
                    refused++;
                }
            }
        }

        Assert.That(refused, Is.GreaterThan(60));
        Assert.That(BootRecord.TryDecode(good.AsSpan(0, good.Length - 1), out _, out _), Is.False);
        Assert.That(BootRecord.TryDecode([.. good, 0], out _, out _), Is.False);
    }

    [TestCase("10.9.0.7", 24, "10.9.1.1", TestName = "A gateway on another wire")]
    [TestCase("10.9.0.7", 24, "10.9.0.7", TestName = "Itself as the gateway")]
    [TestCase("10.9.0.0", 24, "0.0.0.0", TestName = "The address of the wire")]
    [TestCase("10.9.0.255", 24, "0.0.0.0", TestName = "The broadcast address")]
    [TestCase("127.0.0.1", 8, "0.0.0.0", TestName = "The loopback")]
    [TestCase("224.0.0.5", 24, "0.0.0.0", TestName = "A group")]
    [TestCase("10.9.0.7", 33, "0.0.0.0", TestName = "A prefix longer than an address")]
    [TestCase("10.9.0.7", 0, "0.0.0.0", TestName = "No prefix")]
    public void An_address_no_node_can_have_is_refused(string address, int prefix, string gateway)
    {
        Ipv4Address.TryParse(address, out Ipv4Address own);
        Ipv4Address.TryParse(gateway, out Ipv4Address way);
        var network = new NetworkSettings(AddressSource.Fixed, new InterfaceConfiguration(own, prefix, way));
        BootRecord record = NewRecord();
        record.Network = network;
        Assert.That(BootRecord.TryDecode(record.Encode(), out _, out _), Is.False);
    }

    [Test]
    public void The_operator_away_for_longest_is_forgotten_first()
    {
        BootRecord record = NewRecord();
        for (byte i = 0; i < BootRecord.OperatorsMax; i++)
        {
            Assert.That(record.Remember(Key(i)));
        }

        Assert.That(record.Remember(Key(BootRecord.OperatorsMax - 1)), Is.False, "nothing changes");
        Assert.That(record.Remember(Key(0)), "it is the latest now");
        Assert.That(record.Remember(Key(100)));
        Assert.That(record.Operators, Has.Count.EqualTo(BootRecord.OperatorsMax));
        Assert.That(record.Knows(Key(0)) && record.Knows(Key(100)));
        Assert.That(record.Knows(Key(1)), Is.False);
    }

    [Test]
    public void A_record_saved_is_there_after_a_restart_and_its_predecessor_is_gone_from_the_disk()
    {
        var disk = new MemoryDisk(8);
        var settings = new BootSettings();
        settings.Load(disk, false);
        BootRecord first = NewRecord();
        byte[] key = [.. Enumerable.Range(1, 32).Select(i => (byte)(i * 7))];
        Assert.That(settings.Save(first), Is.Null);
        Assert.That(settings.Save(new BootRecord(key) { Network = Static }), Is.Null);
        Assert.That(disk.Bytes.AsSpan().IndexOf(first.BootKey), Is.Negative, "the key given up is still there");
        var again = new BootSettings();
        Assert.That(again.Load(disk, true), Is.Null);
        Assert.That(again.Record!.BootKey, Is.EqualTo(key));
        Assert.That(again.Network, Is.EqualTo(Static));
        Assert.That(again.Fingerprint, Is.EqualTo(settings.Fingerprint).And.Not.Null);
    }

    [Test]
    public void A_damaged_record_is_told_of_and_counts_as_none()
    {
        var disk = new MemoryDisk(8);
        var settings = new BootSettings();
        settings.Load(disk, false);
        settings.Save(NewRecord());
        disk.Bytes.AsSpan((int)VolumeLayout.BootA.First * 512, 16 * 512).Fill(0x33);
        Assert.That(settings.Load(disk, true), Does.Contain("boot record"));
        Assert.That(settings.Record, Is.Null);
        Assert.That(settings.Network, Is.EqualTo(NetworkSettings.Dhcp));
    }

    private static BootRecord NewRecord() => new(Key(0x77));

    private static byte[] Key(byte value)
    {
        byte[] key = new byte[BootRecord.KeyLength];
        Array.Fill(key, value);
        return key;
    }
}
