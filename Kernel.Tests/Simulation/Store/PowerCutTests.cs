using System;
using System.Collections.Generic;
using HaukiOS.Store;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Store.StoreLab;

namespace HaukiOS.Tests.Simulation.Store;

/// <summary>The power fails at every request, in every way; what was acknowledged must be there.</summary>
[TestFixture]
public sealed class PowerCutTests
{
    [TestCase(1, 60)]
    [TestCase(2, 60)]
    [TestCase(3, 500)]
    [TestCase(4, 500)]
    public void Whatever_the_power_does_every_acknowledged_put_is_there(int seed, int names)
    {
        Random random = new(seed);
        Dictionary<string, byte[]> model = [];
        SimulatedDisk disk = Formatted();
        // 500 names make the smallest disk full: every step then needs compaction.
        EncryptedStore filling = Open(disk, seed);
        for (int i = 0; i < names; i++)
        {
            Perform(filling, RandomChange(random, model, names), model, "filling");
        }
        for (int round = 0; round < 120; round++)
        {
            string context = $"seed {seed}, round {round}";
            EncryptedStore store = Open(disk, seed * 1000 + round);
            disk.CutAt = disk.Requests + random.Next(1, 60);
            Change change = default;
            try
            {
                while (true)
                {
                    change = RandomChange(random, model, names);
                    Perform(store, change, model, context);
                    change = default;
                }
            }
            catch (PowerCutException)
            {
                disk = disk.AfterPowerCut(random);
            }
            EncryptedStore after = Open(disk, (seed * 1000) + 500 + round);
            AdoptUnacknowledged(after, change, model);
            AssertSame(after, model, context);
            AssertOnlyTornTail(after, context);
        }
    }

    [Test]
    public void The_power_may_fail_at_every_single_request_of_a_session_with_compaction_and_checkpoints()
    {
        const int Seed = 77;
        SimulatedDisk start = Formatted();
        Dictionary<string, byte[]> startModel = Fill(start, Seed);
        int requests = RunSession(start.Copy(), Seed, int.MaxValue, new(startModel), out _);
        Assert.That(requests, Is.GreaterThan(200));
        Random power = new(Seed);
        for (int cut = 1; cut <= requests; cut += 1 + power.Next(3))
        {
            SimulatedDisk disk = start.Copy();
            Dictionary<string, byte[]> model = new(startModel);
            RunSession(disk, Seed, cut, model, out Change change);
            SimulatedDisk back = disk.AfterPowerCut(power);
            EncryptedStore after = Open(back, 5000 + cut);
            AdoptUnacknowledged(after, change, model);
            AssertSame(after, model, $"cut at request {cut}");
            AssertOnlyTornTail(after, $"cut at request {cut}");
        }
    }

    [Test]
    public void Formatting_may_be_cut_anywhere_and_begun_again()
    {
        Random power = new(3);
        for (int cut = 1; cut <= 40; cut++)
        {
            SimulatedDisk disk = new(SmallDisk) { CutAt = cut };
            bool finished = false;
            try
            {
                FormatAll(disk);
                finished = true;
            }
            catch (PowerCutException)
            {
                disk = disk.AfterPowerCut(power);
            }
            DiskState state = Volume.Inspect(disk, out string? message);
            if (finished)
            {
                Assert.That(state, Is.EqualTo(DiskState.Volume), message);
                Assert.That(cut, Is.GreaterThan(16), "the format was cut at each of its requests");
                return;
            }
            Assert.That(
                state, Is.AnyOf(DiskState.Empty, DiskState.Unfinished, DiskState.Volume), $"cut {cut}: {message}");
            disk.CutAt = 0;
            FormatAll(disk);
            Assert.That(Volume.Inspect(disk, out _), Is.EqualTo(DiskState.Volume));
            PutOk(Open(disk), "a", "1");
        }
        Assert.Fail("formatting never finished");
    }

    private static void FormatAll(SimulatedDisk disk)
    {
        Assert.That(Volume.BeginFormat(disk), Is.Null);
        Assert.That(MirroredRecord.ForLock(disk).WriteBoth("lock"u8), Is.Null);
        Assert.That(EncryptedStore.Format(disk, Key(), new SeededRandomSource(1)), Is.Null);
        Assert.That(Volume.FinishFormat(disk), Is.Null);
    }

    private static Dictionary<string, byte[]> Fill(SimulatedDisk disk, int seed)
    {
        Random random = new(seed);
        Dictionary<string, byte[]> model = [];
        EncryptedStore store = Open(disk, seed);
        for (int i = 0; i < 1500; i++)
        {
            // Every fifth stays, so that no segment is ever empty by itself and compaction has to move something.
            string name = i % 5 == 0 ? $"keep{i}" : $"n{random.Next(60)}";
            PutOk(store, name, model[name] = Value(random, random.Next(3000)));
        }
        return model;
    }

    private static int RunSession(
        SimulatedDisk disk, int seed, int cut, Dictionary<string, byte[]> model, out Change change)
    {
        Random random = new(seed);
        change = default;
        int before = disk.Requests;
        EncryptedStore store = Open(disk, seed + 1);
        disk.CutAt = cut == int.MaxValue ? 0 : before + 1 + cut; // opening flushes once
        try
        {
            for (int i = 0; i < 250; i++)
            {
                change = RandomChange(random, model, 60);
                Perform(store, change, model, $"cut {cut}");
                change = default;
            }
        }
        catch (PowerCutException)
        {
            return cut;
        }
        Assert.That(store.Status.Checkpoints, Is.GreaterThan(0));
        Assert.That(store.Status.MovedBytes, Is.GreaterThan(0));
        return disk.Requests - before - 1;
    }

    private static Change RandomChange(Random random, Dictionary<string, byte[]> model, int names)
    {
        string name = $"n{random.Next(names)}";
        if (model.ContainsKey(name) && random.Next(6) == 0)
        {
            return new Change(name, null);
        }
        int length = random.Next(20) == 0 ? random.Next(EncryptedStore.ValueBytesMax) : random.Next(3000);
        return new Change(name, Value(random, length));
    }

    private static void Perform(EncryptedStore store, Change change, Dictionary<string, byte[]> model, string context)
    {
        StoreError? error = change.Value == null ? store.Delete(change.Name!) : store.Put(change.Name!, change.Value);
        if (error?.Kind == StoreErrorKind.Full)
        {
            return;
        }
        Assert.That(error?.Message, Is.Null, context);
        if (change.Value == null)
        {
            model.Remove(change.Name!);
        }
        else
        {
            model[change.Name!] = change.Value;
        }
    }

    // A put that was not acknowledged may be there or not, but nothing in between.
    private static void AdoptUnacknowledged(EncryptedStore store, Change change, Dictionary<string, byte[]> model)
    {
        if (change.Name == null)
        {
            return;
        }
        StoreError? error = store.Get(change.Name, out byte[] found);
        if (error != null)
        {
            Assert.That(error.Kind, Is.EqualTo(StoreErrorKind.NotFound), error.Message);
        }
        if (change.Value == null && error != null)
        {
            model.Remove(change.Name);
        }
        else if (change.Value != null && error == null && found.AsSpan().SequenceEqual(change.Value))
        {
            model[change.Name] = change.Value;
        }
    }

    private static void AssertOnlyTornTail(EncryptedStore store, string context)
    {
        foreach (string notice in store.Notices.Lines)
        {
            bool harmless = notice.Contains("a write cut off by a power failure", StringComparison.Ordinal)
                || notice.Contains("one of the two headers of a segment", StringComparison.Ordinal);
            Assert.That(harmless, Is.True, $"{context}: {notice}");
        }
    }

    private readonly record struct Change(string? Name, byte[]? Value);
}
