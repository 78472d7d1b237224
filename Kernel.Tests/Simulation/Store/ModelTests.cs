using System;
using System.Collections.Generic;
using System.Diagnostics;
using CsCheck;
using HaukiOS.Store;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Store.StoreLab;

namespace HaukiOS.Tests.Simulation.Store;

/// <summary>The store against a dictionary.</summary>
[TestFixture]
public sealed class ModelTests
{
    [Test]
    public void The_store_behaves_like_a_dictionary()
    {
        Gen<(int Name, int Length)[]> changes = Gen.Select(Gen.Int[0, 12], Gen.Int[-400, 5000]).Array[0, 120];
        changes.Sample(
            steps =>
            {
                SimulatedDisk disk = Formatted(canLosePower: false);
                EncryptedStore store = Open(disk);
                Dictionary<string, byte[]> model = [];
                int seed = 3;
                foreach ((int number, int length) in steps)
                {
                    string name = $"n{number}";
                    if (length < -300)
                    {
                        store = Open(disk, seed++);
                    }
                    else if (length < 0)
                    {
                        Assert.That(store.Delete(name) == null, Is.EqualTo(model.Remove(name)));
                    }
                    else
                    {
                        PutOk(store, name, model[name] = Value(new Random(length), length));
                    }
                }
                AssertSame(store, model, "open");
                AssertSame(Open(disk, seed), model, "opened again");
            },
            iter: 60,
            threads: 1);
    }

    [TestCase(SmallDisk, 40, 1)]
    [TestCase(16384, 400, 2)]
    [TestCase(131072, 3000, 3)]
    public void Any_mixture_of_sizes_can_fill_the_store_and_go_on(long sectors, int names, int seed)
    {
        Random random = new(seed);
        SimulatedDisk disk = Formatted(sectors, canLosePower: false);
        EncryptedStore store = Open(disk);
        Dictionary<string, byte[]> model = [];
        int full = 0;
        for (int i = 0; i < 6000; i++)
        {
            string name = $"{random.Next(names)}{new string('x', random.Next(3) * 80)}";
            int length = random.Next(3) == 0 ? random.Next(EncryptedStore.ValueBytesMax + 1) : random.Next(2000);
            byte[] value = Value(random, length);
            if (i % 40 == 0 && sectors == SmallDisk)
            {
                EncryptedStore other = Open(disk.Copy(false), 70_000 + i);
                AssertSame(other, model, $"opened beside, before put {i}");
            }
            StoreError? error = store.Put(name, value);
            if (error == null)
            {
                model[name] = value;
                continue;
            }
            Assert.That(error.Message, Does.StartWith("the store is full ("), $"put {i}");
            full++;
            if (model.Remove(name))
            {
                Assert.That(store.Delete(name)?.Message, Is.Null);
            }
        }
        Assert.That(full, Is.GreaterThan(0), "the test is meant to fill the store");
        AssertSame(store, model, "open");
        EncryptedStore again = Open(disk, 9);
        AssertSame(again, model, "opened again");
        Assert.That(again.Notices.Lines, Is.Empty);
        TestContext.Out.WriteLine($"{Figures(store)}, full {full} times");
    }

    [Test]
    public void The_smallest_records_can_fill_the_store_and_go_on()
    {
        SimulatedDisk disk = Formatted(16384, canLosePower: false);
        EncryptedStore store = Open(disk);
        int count = 0;
        StoreError? error = null;
        while (error == null)
        {
            error = store.Put($"{count++}", "v"u8);
        }
        Assert.That(error.Message, Does.StartWith("the store is full ("));
        Random random = new(4);
        for (int i = 0; i < 20000; i++)
        {
            PutOk(store, $"{random.Next(count - 1)}", "w"u8);
        }
        Assert.That(Open(disk, 3).List(), Has.Count.EqualTo(count - 1));
        TestContext.Out.WriteLine(Figures(store));
    }

    [Test, Category("Soak")]
    public void A_million_puts_through_compaction_keep_memory_flat()
    {
        const int Puts = 1_000_000;
        Random random = new(20);
        SimulatedDisk disk = Formatted(32768, canLosePower: false);
        EncryptedStore store = Open(disk);
        Dictionary<string, byte[]> model = [];
        byte[] value = new byte[600];
        long baseline = 0;
        Stopwatch watch = Stopwatch.StartNew();
        for (int i = 1; i <= Puts; i++)
        {
            // A part of the names is written once and stays, among others that come and go: compaction has work.
            string name = i % 7 == 0 && i < 28_000 ? $"keep-{i}" : $"name-{random.Next(2000)}";
            if (random.Next(10) == 0 && model.Remove(name))
            {
                StoreError? error = store.Delete(name);
                if (error != null)
                {
                    Assert.Fail(error.Message);
                }
            }
            else
            {
                random.NextBytes(value);
                Span<byte> used = value.AsSpan(0, random.Next(value.Length));
                PutOk(store, name, used);
                model[name] = used.ToArray();
            }
            if (i % (Puts / 5) == 0)
            {
                TestContext.Out.WriteLine(Figures(store));
                Assert.That(store.Status.MovedBytes, Is.GreaterThan(1024 * 1024));
                store.Dispose();
                store = Open(disk, i);
                AssertSame(store, model, $"after {i} puts");
                long memory = GC.GetTotalMemory(true);
                baseline = baseline == 0 ? memory : baseline;
                TestContext.Out.WriteLine($"{watch.Elapsed.TotalSeconds:F1} s, {memory} bytes of memory");
                Assert.That(memory - baseline, Is.LessThan(1024 * 1024));
            }
        }
    }

    [Test]
    public void A_put_allocates_little()
    {
        SimulatedDisk disk = Formatted(32768, canLosePower: false);
        EncryptedStore store = Open(disk);
        byte[] value = new byte[100];
        for (int i = 0; i < 3000; i++)
        {
            PutOk(store, "a", value);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            store.Put("a", value);
        }
        long perPut = (GC.GetAllocatedBytesForCurrentThread() - before) / 1000;
        TestContext.Out.WriteLine($"{perPut} bytes per put");
        Assert.That(perPut, Is.LessThan(1024));
    }

    private static string Figures(EncryptedStore store)
    {
        StoreStatus status = store.Status;
        return $"{status.Names} names, {status.UsedBytes} of {status.CapacityBytes} bytes, {status.FreeSegments} of "
            + $"{status.Segments} segments free, {status.Records} records, {status.Checkpoints} checkpoints, "
            + $"{status.MovedBytes} bytes moved";
    }
}
