using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Host.Emulator;
using HaukiOS.Lock;
using HaukiOS.Secrets;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Emulator;

/// <summary>
/// Records what the real kernel writes, and rebuilds the disk as a power cut after every single request may leave it.
/// The store is opened here, on the host, by the same code as in the kernel: that makes thousands of cuts affordable.
/// </summary>
public sealed class PowerCutReplayTests : EmulatorFixture
{
    private const int Variants = 3;

    /// <summary>After every request, in order or reordered or torn: what was acknowledged is there.</summary>
    [Test]
    public void After_every_request_everything_acknowledged_is_there([Values(7)] int seed)
    {
        string disk = EnrolledDisk();
        byte[] before = File.ReadAllBytes(disk);
        string logFile = Scratch("writes.log");
        List<(string Name, string? Value, int Requests)> history = [];
        WithOpenStore(Pc with { Disk = new RecordedDisk(disk, logFile) }, (_, console) =>
        {
            Random random = new(seed);
            for (int i = 0; i < 60; i++)
            {
                string name = $"key{random.Next(8)}";
                bool delete = history.Exists(step => step.Name == name && step.Value != null) && random.Next(5) == 0;
                string? value = delete ? null : new string((char)('a' + (i % 26)), 1 + random.Next(700)) + i;
                string said = console.Command(delete ? $"del {name}" : $"put {name} {value}");
                Assert.That(said, Does.Not.StartWith("put:"), said);
                history.Add((name, value, WriteLog.Read(logFile).Requests.Count));
            }
        });
        IReadOnlyList<WriteLog.Request> requests = WriteLog.Read(logFile).Requests;
        Random chance = new(seed);
        using SecretBytes key = VolumeKey(before);
        for (int count = 0; count <= requests.Count; count++)
        {
            for (int variant = 0; variant < Variants; variant++)
            {
                byte[] image = Rebuild(before, requests, count, variant, chance);
                Check(image, key, history, count, $"seed {seed}, variant {variant}, after {count} requests");
            }
        }
        TestContext.Out.WriteLine($"{requests.Count} requests, {(requests.Count + 1) * Variants} power cuts");
    }

    // Variant 0: all before the cut is there. 1: what was not flushed is there or not. 2: and one sector is torn.
    private static byte[] Rebuild(
        byte[] before, IReadOnlyList<WriteLog.Request> requests, int count, int variant, Random chance)
    {
        byte[] image = (byte[])before.Clone();
        int flushed = count;
        while (flushed > 0 && !requests[flushed - 1].IsFlush)
        {
            flushed--;
        }
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> data = requests[i].Data.Span;
            for (int at = 0; at < data.Length; at += IBlockDevice.SectorSize)
            {
                bool safe = i < flushed || variant == 0;
                int length = safe || chance.Next(2) == 0 ? IBlockDevice.SectorSize : 0;
                bool torn = !safe && variant == 2 && chance.Next(3) == 0;
                data.Slice(at, torn ? chance.Next(IBlockDevice.SectorSize) : length)
                    .CopyTo(image.AsSpan((int)requests[i].Offset + at));
            }
        }
        return image;
    }

    private static void Check(
        byte[] image,
        SecretBytes key,
        List<(string Name, string? Value, int Requests)> history,
        int count,
        string situation)
    {
        StoreOpening opening = EncryptedStore.Open(
            SimulatedDisk.FromImage(image), key, new SeededRandomSource(count));
        Assert.That(opening.Error?.Message, Is.Null, situation);
        EncryptedStore store = opening.Store!;
        foreach (string name in history.Select(step => step.Name).Distinct())
        {
            // What was last acknowledged before the cut, or anything later: that may have reached the disk or not.
            int last = history.FindLastIndex(step => step.Name == name && step.Requests <= count);
            List<string?> allowed = [.. history.Skip(Math.Max(last, 0)).Where(step => step.Name == name)
                .Select(step => step.Value)];
            if (last < 0)
            {
                allowed.Add(null);
            }
            StoreError? error = store.Get(name, out byte[] found);
            string? value = error == null ? Encoding.UTF8.GetString(found) : null;
            Assert.That(error == null || error.Kind == StoreErrorKind.NotFound, Is.True, $"{situation}: {error}");
            Assert.That(allowed, Does.Contain(value), $"{situation}: {name}");
        }
        Assert.That(store.Get("harbour", out byte[] harbour), Is.Null, situation);
        Assert.That(Encoding.UTF8.GetString(harbour), Is.EqualTo("Rauma"), situation);
    }

    private static SecretBytes VolumeKey(byte[] image)
    {
        RecordReading reading = MirroredRecord.ForLock(SimulatedDisk.FromImage(image)).Read();
        Assert.That(LockRecord.TryDecode(reading.Content, out LockRecord? record, out string? reason), Is.True, reason);
        using SecretBytes recovery = new(KeyWrap.KeyLength);
        Assert.That(
            HaukiOS.Lock.RecoveryKey.TryParse(Encoding.ASCII.GetBytes(RecoveryKey), recovery), Is.True, RecoveryKey);
        SecretBytes? key = KeySlots.OpenWithRecoveryKey(record!, recovery);
        Assert.That(key, Is.Not.Null);
        return key!;
    }
}
