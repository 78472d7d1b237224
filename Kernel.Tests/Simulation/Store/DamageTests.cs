using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Store;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Store.StoreLab;

namespace HaukiOS.Tests.Simulation.Store;

/// <summary>One sector goes bad: it is noticed, it is named, and nothing else is lost.</summary>
[TestFixture]
public sealed class DamageTests
{
    private enum Harm
    {
        Flip,
        Zero,
        Unreadable,
        Old,
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Any_single_bad_sector_never_gives_a_wrong_value_unnoticed(int seed)
    {
        Random random = new(seed);
        SimulatedDisk disk = Formatted();
        Dictionary<string, byte[]> model = Churn(disk, random, 1200);
        SimulatedDisk old = disk.Copy(false);
        EncryptedStore store = Open(disk, seed + 50);
        long last = 0;
        disk.OnWrite = (sector, _) => last = sector;
        for (int i = 0; i < 200; i++)
        {
            Step(store, model, random);
        }
        long logSectors = disk.SectorCount - VolumeLayout.LogStart;
        for (int i = 0; i < 700; i++)
        {
            // A tenth hits the very last write. Its first sector put back, or zero, is as if it had never been written.
            long sector = VolumeLayout.LogStart + random.NextInt64(logSectors);
            Harm harm = (Harm)random.Next(4);
            if (i % 10 == 0)
            {
                sector = last;
                harm = (Harm)random.Next(2) == Harm.Flip ? Harm.Flip : Harm.Unreadable;
            }
            SimulatedDisk bad = Harmed(disk, old, sector, harm, random);
            AssertNothingElseIsLost(bad, model, $"seed {seed}: {harm} of sector {sector}", sector);
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_bad_block_of_4_KiB_costs_no_more_than_what_it_held(int seed)
    {
        Random random = new(seed);
        SimulatedDisk disk = Formatted();
        Dictionary<string, byte[]> model = Churn(disk, random, 1200);
        EncryptedStore store = Open(disk, seed + 50);
        for (int i = 0; i < 100; i++)
        {
            Step(store, model, random);
        }
        for (int slot = 0; slot < StoreGeometry.SegmentsMin; slot++)
        {
            SimulatedDisk bad = disk.Copy(false);
            for (int i = 0; i < 8; i++)
            {
                bad.MakeUnreadable(VolumeLayout.LogStart + (slot * StoreGeometry.SegmentSectorsMin) + i);
            }
            EncryptedStore opened = Open(bad, 9);
            int wrong = model.Count(pair =>
                opened.Get(pair.Key, out byte[] found) != null || !found.AsSpan().SequenceEqual(pair.Value));
            string said = string.Join("; ", opened.Notices.Lines);
            Assert.That(wrong, Is.LessThanOrEqualTo(6), $"slot {slot}: six sectors of records were hit: {said}");
            bool noticed = opened.Notices.Lines.Count > 0;
            Assert.That(wrong == 0 || noticed || opened.Verify() == wrong, Is.True, $"slot {slot}");
            PutOk(opened, "after", "all");
            Assert.That(GetText(Open(bad, 10), "after"), Is.EqualTo("all"));
        }
    }

    [Test]
    public void A_bad_sector_of_a_value_is_named_with_what_it_held()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "first", new byte[5000]);
        long first = disk.LastWrite + 2;
        PutOk(store, "second", "2");
        disk.FlipBit(first + 3, 77);

        StoreError error = store.Get("first", out _)!;
        Assert.That(error.Kind, Is.EqualTo(StoreErrorKind.Damaged));
        Assert.That(error.Message, Is.EqualTo(
            $"sectors {first} to {first + 9}: damaged; held 'first'; other values are not affected"));
        Assert.That(GetText(store, "second"), Is.EqualTo("2"));
        Assert.That(store.Verify(), Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_overwrite_does_not_bring_the_older_value_back_unnoticed()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "old");
        PutOk(store, "a", "new");
        PutOk(store, "b", "other");
        long bad = disk.LastWrite - 1;
        disk.FlipBit(bad, 2000);

        EncryptedStore again = Open(disk, 3);

        Assert.That(again.Notices.Lines.Single(), Is.EqualTo(
            $"sector {bad}: damaged; held the newest value of 'a', which is lost"));
        Assert.That(again.Get("a", out _)!.Message, Is.EqualTo(
            "the newest value of 'a' was lost to a damaged sector; 'put' or 'del' it"));
        Assert.That(GetText(again, "b"), Is.EqualTo("other"));
        PutOk(again, "a", "newest");
        Assert.That(GetText(Open(disk, 4), "a"), Is.EqualTo("newest"));
    }

    [Test]
    public void The_last_record_damaged_leaves_the_state_before_it_and_says_so()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "old");
        PutOk(store, "a", "new");
        long bad = disk.LastWrite;
        disk.FlipBit(bad, 2000);

        EncryptedStore again = Open(disk, 3);

        Assert.That(GetText(again, "a"), Is.EqualTo("old"));
        Assert.That(again.Notices.Lines.Single(), Is.EqualTo(
            $"sector {bad}: the last record of the log does not authenticate: a write cut off by a power failure, or "
            + "damage; the state before it is in use"));
    }

    [Test]
    public void Damage_older_than_a_newer_value_harms_nobody()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "old");
        PutOk(store, "b", "other");
        PutOk(store, "a", "new");
        long bad = disk.LastWrite - 2;
        disk.FlipBit(bad, 2000);
        EncryptedStore again = Open(disk, 3);
        Assert.That(GetText(again, "a"), Is.EqualTo("new"));
        Assert.That(again.Notices.Lines.Single(), Is.EqualTo(
            $"sector {bad}: damaged; held an older value of 'a': nothing is lost"));
    }

    [Test]
    public void A_record_put_back_to_another_place_is_not_accepted()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        PutOk(store, "a", "2");
        PutOk(store, "b", "3");
        byte[] first = new byte[IBlockDevice.SectorSize];
        long last = disk.LastWrite;
        disk.Read(last - 2, first);
        disk.Write(last - 1, first);
        Assert.That(GetText(Open(disk, 3), "a"), Does.StartWith("error: the newest value of 'a' was lost"));
    }

    [Test]
    public void A_segment_replaced_by_what_was_there_before_is_noticed()
    {
        SimulatedDisk disk = Formatted();
        Dictionary<string, byte[]> model = Churn(disk, new Random(4), 1500);
        SimulatedDisk old = disk.Copy(false);
        EncryptedStore store = Open(disk, 60);
        Random random = new(5);
        while (store.Status.Checkpoints < 8)
        {
            Step(store, model, random);
        }
        // The end of the log alone has no successor to vouch for it: putting it back is beyond notice (CAVEATS).
        long newest = 0;
        disk.OnWrite = (sector, _) => newest = (sector - VolumeLayout.LogStart) / StoreGeometry.SegmentSectorsMin;
        Step(store, model, random);
        byte[] segment = new byte[StoreGeometry.SegmentSectorsMin * IBlockDevice.SectorSize];
        for (int slot = 0; slot < StoreGeometry.SegmentsMin; slot++)
        {
            SimulatedDisk bad = disk.Copy(false);
            long sector = VolumeLayout.LogStart + (slot * StoreGeometry.SegmentSectorsMin);
            old.Read(sector, segment);
            bad.Write(sector, segment);
            if (slot != newest && !bad.Image.AsSpan().SequenceEqual(disk.Image))
            {
                AssertNoWrongValueUnnoticed(bad, model, $"slot {slot}");
            }
        }
    }

    [Test]
    public void A_torn_checkpoint_falls_back_to_the_one_before()
    {
        SimulatedDisk disk = Formatted();
        Random random = new(6);
        Dictionary<string, byte[]> model = Churn(disk, random, 800);
        EncryptedStore store = Open(disk, 61);
        long before = store.Status.Checkpoints;
        int cuts = 0;
        for (int i = 0; i < 400; i++)
        {
            Step(store, model, random);
            AssertSame(Open(disk.Copy(false), 1000 + i), model, $"step {i}");
            cuts++;
        }
        Assert.That(store.Status.Checkpoints, Is.GreaterThan(before));
        Assert.That(cuts, Is.EqualTo(400));
    }

    private static SimulatedDisk Harmed(SimulatedDisk disk, SimulatedDisk old, long sector, Harm harm, Random random)
    {
        SimulatedDisk bad = disk.Copy(false);
        switch (harm)
        {
            case Harm.Flip:
                bad.FlipBit(sector, random.Next(IBlockDevice.SectorSize * 8));
                break;
            case Harm.Zero:
                bad.ZeroSector(sector);
                break;
            case Harm.Unreadable:
                bad.MakeUnreadable(sector);
                break;
            case Harm.Old:
                byte[] before = new byte[IBlockDevice.SectorSize];
                old.Read(sector, before);
                bad.Write(sector, before);
                break;
        }
        return bad;
    }

    private static Dictionary<string, byte[]> Churn(SimulatedDisk disk, Random random, int steps)
    {
        Dictionary<string, byte[]> model = [];
        EncryptedStore store = Open(disk, 40);
        for (int i = 0; i < steps; i++)
        {
            Step(store, model, random);
        }
        return model;
    }

    private static void Step(EncryptedStore store, Dictionary<string, byte[]> model, Random random)
    {
        string name = $"n{random.Next(80)}";
        if (random.Next(8) == 0 && model.Remove(name))
        {
            Assert.That(store.Delete(name)?.Message, Is.Null);
            return;
        }
        PutOk(store, name, model[name] = Value(random, random.Next(4000)));
    }

    // At most one name may be affected, it must say so, and opening must have said so or the value itself is bad.
    private static void AssertNothingElseIsLost(
        IBlockDevice disk, Dictionary<string, byte[]> model, string context, long sector)
    {
        StoreOpening opening = EncryptedStore.Open(disk, Key(), new SeededRandomSource(9));
        Assert.That(opening.Error?.Message, Is.Null, context);
        EncryptedStore store = opening.Store!;
        bool noticed = store.Notices.Lines.Count > 0;
        bool tail = store.Notices.Lines.Any(line => line.Contains("the last record of the log"));
        int wrong = 0;
        foreach ((string name, byte[] value) in model)
        {
            StoreError? error = store.Get(name, out byte[] found);
            bool same = error == null && found.AsSpan().SequenceEqual(value);
            wrong += same ? 0 : 1;
            bool excused = same || error?.Kind is StoreErrorKind.Damaged or StoreErrorKind.Disk || noticed;
            Assert.That(excused, Is.True, $"{context}: {name}: {error?.Message ?? "another value"}");
        }
        int surplus = store.List().Count(name => !model.ContainsKey(name));
        Assert.That(wrong + surplus, Is.LessThanOrEqualTo(1), context);
        Assert.That(surplus == 0 || noticed, Is.True, $"{context}: a deleted name is back");
        Assert.That(wrong == 0 || noticed || tail || store.Verify() == 1, Is.True, $"{context}, sector {sector}");
    }

    private static void AssertNoWrongValueUnnoticed(IBlockDevice disk, Dictionary<string, byte[]> model, string context)
    {
        StoreOpening opening = EncryptedStore.Open(disk, Key(), new SeededRandomSource(9));
        if (opening.Error != null)
        {
            Assert.That(opening.Error.Kind, Is.EqualTo(StoreErrorKind.Damaged), context);
            return;
        }
        EncryptedStore store = opening.Store!;
        bool noticed = store.Notices.Lines.Count > 0;
        foreach ((string name, byte[] value) in model)
        {
            StoreError? error = store.Get(name, out byte[] found);
            bool same = error == null && found.AsSpan().SequenceEqual(value);
            Assert.That(same || noticed || error?.Kind == StoreErrorKind.Damaged, Is.True, $"{context}: {name}");
        }
    }
}
