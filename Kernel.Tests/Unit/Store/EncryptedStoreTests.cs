using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Store.StoreLab;

namespace HaukiOS.Tests.Unit.Store;

[TestFixture]
public sealed class EncryptedStoreTests
{
    [Test]
    public void A_value_put_is_there_after_opening_again()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "greeting", "hei");

        EncryptedStore again = Open(disk, 3);

        Assert.That(GetText(again, "greeting"), Is.EqualTo("hei"));
        Assert.That(again.List(), Is.EqualTo(new[] { "greeting" }));
        Assert.That(again.Notices.Lines, Is.Empty);
    }

    [Test]
    public void A_small_put_is_one_write_and_one_flush()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        (long writes, long flushes) = (disk.Writes, disk.Flushes);

        PutOk(store, "b", "2");

        Assert.That((disk.Writes - writes, disk.Flushes - flushes), Is.EqualTo((1L, 1L)));
    }

    /// <summary>A request takes as long as a hundred sectors, and most places were never written to.</summary>
    [Test]
    public void Opening_asks_the_disk_a_few_times_for_each_segment()
    {
        SimulatedDisk disk = Formatted(64 * 2048);
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        long before = disk.Reads;

        EncryptedStore again = Open(disk, 3);

        Assert.That(GetText(again, "a"), Is.EqualTo("1"));
        Assert.That(disk.Reads - before, Is.LessThan(4 * again.Status.Segments));
    }

    [Test]
    public void An_overwritten_value_is_the_newest_one()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        PutOk(store, "a", "2");
        Assert.That(GetText(store, "a"), Is.EqualTo("2"));
        Assert.That(GetText(Open(disk, 3), "a"), Is.EqualTo("2"));
    }

    [Test]
    public void A_deleted_name_stays_deleted()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        Assert.That(store.Delete("a"), Is.Null);
        Assert.That(store.Get("a", out _)!.Kind, Is.EqualTo(StoreErrorKind.NotFound));
        Assert.That(Open(disk, 3).List(), Is.Empty);
        Assert.That(store.Delete("a")!.Message, Is.EqualTo("there is no 'a'"));
    }

    [Test]
    public void Neither_names_nor_values_are_readable_on_the_disk()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a-name-to-look-for", "a-value-to-look-for");
        string image = Encoding.Latin1.GetString(disk.Image);
        Assert.That(image, Does.Not.Contain("to-look-for"));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(439)]
    [TestCase(440)]
    [TestCase(441)]
    [TestCase(4096)]
    [TestCase(EncryptedStore.ValueBytesMax)]
    public void Values_of_every_length_come_back(int length)
    {
        SimulatedDisk disk = Formatted();
        byte[] value = Value(new Random(length), length);
        PutOk(Open(disk), "v", value);
        Assert.That(Open(disk, 3).Get("v", out byte[] found), Is.Null);
        Assert.That(found, Is.EqualTo(value));
    }

    [Test]
    public void Names_may_be_255_bytes_of_any_text()
    {
        SimulatedDisk disk = Formatted();
        string[] names = [new string('n', 255), "päivää", "🐟", " ", "a/b\\c", "x\0y"];
        EncryptedStore store = Open(disk);
        foreach (string name in names)
        {
            PutOk(store, name, name);
        }
        EncryptedStore again = Open(disk, 3);
        foreach (string name in names)
        {
            Assert.That(GetText(again, name), Is.EqualTo(name));
        }
    }

    [TestCase("", "a name must have at least one character")]
    [TestCase("\0sys/x", "a name must not begin with a NUL")]
    public void A_bad_name_is_refused(string name, string message)
    {
        EncryptedStore store = Open(Formatted());
        Assert.That(store.Put(name, default)!.Message, Is.EqualTo(message));
        Assert.That(store.Get(name, out _)!.Message, Is.EqualTo(message));
        Assert.That(store.Delete(name)!.Message, Is.EqualTo(message));
    }

    [Test]
    public void Half_a_surrogate_pair_is_refused()
    {
        // Built here: the text of an attribute is UTF-8, which has no half pairs.
        EncryptedStore store = Open(Formatted());
        foreach (string name in new[] { "a\ud800", "\udc00\ud800", "\ud83d" })
        {
            Assert.That(store.Put(name, default)!.Message, Is.EqualTo("the name has half a surrogate pair in it"));
        }
    }

    [Test]
    public void Names_and_values_that_are_too_long_are_refused()
    {
        EncryptedStore store = Open(Formatted());
        Assert.That(store.Put(new string('ä', 128), default)!.Message, Does.Contain("at most 255 fit"));
        Assert.That(
            store.Put("v", new byte[EncryptedStore.ValueBytesMax + 1])!.Message,
            Is.EqualTo("the value has 65537 bytes; at most 65536 fit"));
        Assert.That(store.List(), Is.Empty);
    }

    [Test]
    public void The_kernels_own_records_are_not_listed()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        Assert.That(store.PutSystem("seed", "s"u8), Is.Null);
        PutOk(store, "mine", "m");
        EncryptedStore again = Open(disk, 3);
        Assert.That(again.List(), Is.EqualTo(new[] { "mine" }));
        Assert.That(again.Status.Names, Is.EqualTo(1));
        Assert.That(again.GetSystem("seed", out byte[] seed), Is.Null);
        Assert.That(seed, Is.EqualTo("s"u8.ToArray()));
        Assert.That(again.DeleteSystem("seed"), Is.Null);
        Assert.That(again.GetSystem("seed", out _), Is.Not.Null);
    }

    [Test]
    public void A_wrong_key_is_told_apart_from_damage()
    {
        SimulatedDisk disk = Formatted();
        PutOk(Open(disk), "a", "1");
        StoreOpening wrong = EncryptedStore.Open(disk, Key(8), new SeededRandomSource(3));
        Assert.That(wrong.Error!.Kind, Is.EqualTo(StoreErrorKind.WrongKey));

        disk.FlipBit(VolumeLayout.StoreHeaderA.First, 800);
        EncryptedStore mirrored = Open(disk, 4);
        Assert.That(GetText(mirrored, "a"), Is.EqualTo("1"));
        Assert.That(mirrored.Notices.Lines.Single(), Is.EqualTo(
            "store header: copy A (sectors 112 to 119) is damaged; copy B is in use"));

        disk.FlipBit(VolumeLayout.StoreHeaderB.First, 800);
        StoreOpening damaged = EncryptedStore.Open(disk, Key(), new SeededRandomSource(5));
        Assert.That(damaged.Error!.Kind, Is.EqualTo(StoreErrorKind.Damaged));
    }

    [Test]
    public void A_disk_without_a_store_says_so()
    {
        StoreOpening opening = EncryptedStore.Open(new SimulatedDisk(SmallDisk), Key(), new SeededRandomSource(1));
        Assert.That(opening.Error!.Message, Is.EqualTo("the disk holds no store"));
        Assert.That(
            EncryptedStore.Format(new SimulatedDisk(100), Key(), new SeededRandomSource(1))!.Message,
            Is.EqualTo("the disk has 50 KiB; a store needs at least 4.1 MiB"));
    }

    [Test]
    public void Formatting_again_leaves_nothing_of_the_store_before()
    {
        SimulatedDisk disk = Formatted();
        PutOk(Open(disk), "old", "1");
        Assert.That(EncryptedStore.Format(disk, Key(), new SeededRandomSource(9)), Is.Null);
        EncryptedStore store = Open(disk, 3);
        Assert.That(store.List(), Is.Empty);
        Assert.That(store.Notices.Lines, Is.Empty);
    }

    [Test]
    public void A_failed_write_leaves_the_store_readable_and_says_so()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        disk.FailWriteIn = 1;

        StoreError error = store.Put("a", "2"u8)!;

        Assert.That(error.Kind, Is.EqualTo(StoreErrorKind.Disk));
        Assert.That(error.Message, Does.Match(
            "^the disk failed to write sector [0-9]+: the device refused; the store takes no more writes"));
        Assert.That(GetText(store, "a"), Is.EqualTo("1"));
        Assert.That(store.Put("b", "3"u8)!.Kind, Is.EqualTo(StoreErrorKind.ReadOnly));
        Assert.That(store.Delete("a")!.Kind, Is.EqualTo(StoreErrorKind.ReadOnly));
        EncryptedStore again = Open(disk, 3);
        PutOk(again, "b", "3");
        Assert.That(GetText(again, "a"), Is.EqualTo("1"));
    }

    [Test]
    public void A_sector_that_can_never_be_written_does_not_end_the_store()
    {
        SimulatedDisk disk = Formatted();
        PutOk(Open(disk), "a", "1");
        long bad = 0;
        disk.OnWrite = (sector, _) => bad = sector;
        PutOk(Open(disk, 3), "a", "2");
        disk.MakeUnwritable(bad + 2);
        int refused = 0;
        for (int i = 0; i < 200; i++)
        {
            EncryptedStore store = Open(disk, 10 + i);
            StoreError? error = store.Put("a", Encoding.UTF8.GetBytes($"{i}"));
            refused += error == null ? 0 : 1;
            Assert.That(error == null || GetText(store, "a") != $"{i}", Is.True);
        }
        Assert.That(refused, Is.LessThan(60), "one place in sixteen is bad");
    }

    [Test]
    public void A_failed_flush_stops_writing_until_the_store_is_opened_again()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        disk.FailFlushIn = 1;
        Assert.That(store.Put("a", "2"u8)!.Message, Does.StartWith("the disk failed to flush: the device refused"));
        Assert.That(GetText(store, "a"), Is.EqualTo("1"));
        Assert.That(store.Status.ReadOnlyReason, Is.Not.Null);
    }

    [Test]
    public void A_write_that_timed_out_is_tried_once_more()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        disk.Failure = BlockResult.Timeout;
        disk.FailWriteIn = 1;
        PutOk(store, "a", "1");
        Assert.That(GetText(Open(disk, 3), "a"), Is.EqualTo("1"));
    }

    [Test]
    public void A_full_store_says_so_with_figures_and_loses_nothing()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        Dictionary<string, byte[]> model = [];
        Random random = new(5);
        StoreError? error = null;
        for (int i = 0; error == null; i++)
        {
            byte[] value = Value(random, 3000);
            error = store.Put($"n{i}", value);
            if (error == null)
            {
                model[$"n{i}"] = value;
            }
        }
        Assert.That(error.Message, Does.Match(@"^the store is full \(.*iB of .*iB used.*\); 'del' something$"));
        Assert.That(error.Kind, Is.EqualTo(StoreErrorKind.Full));
        AssertSame(store, model, "when full");

        // The same size in place of an old value always fits, and so does a new one after a delete.
        for (int i = 0; i < 2000; i++)
        {
            string name = $"n{i % model.Count}";
            PutOk(store, name, model[name] = Value(random, 3000));
        }
        Assert.That(store.Delete("n0"), Is.Null);
        model.Remove("n0");
        PutOk(store, "again", model["again"] = Value(random, 3000));
        AssertSame(Open(disk, 3), model, "after churning while full");
    }

    [Test]
    public void Without_entropy_a_put_waits_for_another_day()
    {
        SimulatedDisk disk = Formatted();
        SeededRandomSource random = new(2) { Ready = false };
        EncryptedStore store = EncryptedStore.Open(disk, Key(), random).Store!;
        Assert.That(store.Put("a", "1"u8)!.Kind, Is.EqualTo(StoreErrorKind.Busy));
        random.Ready = true;
        PutOk(store, "a", "1");
        Assert.That(GetText(store, "a"), Is.EqualTo("1"));
    }

    [Test]
    public void No_nonce_is_ever_used_twice_whatever_the_power_does()
    {
        // A place is (segment identity, sector); its content may be written again only if it is the very same.
        SimulatedDisk disk = Formatted();
        Dictionary<string, string> seen = [];
        Random random = new(11);
        for (int round = 0; round < 60; round++)
        {
            disk.OnWrite = (sector, bytes) => CheckPlaces(seen, disk, sector, bytes);
            EncryptedStore store = Open(disk, 100 + round);
            disk.CutAt = disk.Requests + random.Next(1, 40);
            try
            {
                while (true)
                {
                    PutOk(store, $"n{random.Next(20)}", Value(random, random.Next(2000)));
                }
            }
            catch (PowerCutException)
            {
                disk = disk.AfterPowerCut(random);
            }
        }
        Assert.That(seen, Has.Count.GreaterThan(500));
    }

    [Test]
    public void Disposing_leaves_no_working_key_behind()
    {
        SimulatedDisk disk = Formatted();
        EncryptedStore store = Open(disk);
        PutOk(store, "a", "1");
        store.Dispose();
        Assert.That(() => store.Get("a", out _), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => store.Put("a", default), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(store.List(), Is.Empty);
    }

    private static void CheckPlaces(Dictionary<string, string> seen, SimulatedDisk disk, long sector, byte[] bytes)
    {
        _ = disk;
        for (int i = 0; i < bytes.Length; i += IBlockDevice.SectorSize)
        {
            ReadOnlySpan<byte> one = bytes.AsSpan(i, IBlockDevice.SectorSize);
            bool record = one[0] == (byte)'L' && one[1] == (byte)'R';
            bool header = one[0] == (byte)'H' && one[1] == (byte)'K' && one[2] == (byte)'S';
            if (!record && !header)
            {
                continue;
            }
            long offset = header ? 0 : (sector + (i / IBlockDevice.SectorSize) - VolumeLayout.LogStart) % 512;
            string place = Convert.ToHexString(one.Slice(16, 16)) + offset;
            string content = Convert.ToHexString(one);
            Assert.That(seen.TryGetValue(place, out string? before) && before != content, Is.False, place);
            seen[place] = content;
        }
    }
}
