using System;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace HaukiOS.Tests.Unit.Store;

[TestFixture]
public sealed class VolumeTests
{
    private static SimulatedDisk Finished()
    {
        SimulatedDisk disk = new(StoreLab.SmallDisk);
        Assert.That(Volume.BeginFormat(disk), Is.Null);
        Assert.That(Volume.Inspect(disk, out _), Is.EqualTo(DiskState.Unfinished));
        Assert.That(MirroredRecord.ForLock(disk).WriteBoth("lock"u8), Is.Null);
        Assert.That(Volume.FinishFormat(disk), Is.Null);
        return disk;
    }

    [Test]
    public void A_zero_disk_is_empty()
    {
        SimulatedDisk disk = new(StoreLab.SmallDisk);
        Assert.That(Volume.Inspect(disk, out string? message), Is.EqualTo(DiskState.Empty));
        Assert.That(message, Is.Null);
    }

    [Test]
    public void A_finished_disk_is_a_volume()
    {
        Assert.That(Volume.Inspect(Finished(), out string? message), Is.EqualTo(DiskState.Volume));
        Assert.That(message, Is.Null);
    }

    [TestCase(0L)]
    [TestCase(2L)]
    [TestCase(64L)]
    [TestCase(255L)]
    public void A_disk_with_anything_else_is_foreign(long sector)
    {
        SimulatedDisk disk = new(StoreLab.SmallDisk);
        disk.FlipBit(sector, 4000);
        Assert.That(Volume.Inspect(disk, out string? message), Is.EqualTo(DiskState.Foreign));
        Assert.That(message, Is.EqualTo("the disk holds something that is not HaukiOS"));
    }

    [Test]
    public void One_bad_marker_is_named_and_the_other_is_enough()
    {
        SimulatedDisk disk = Finished();
        disk.FlipBit(0, 1);
        Assert.That(Volume.Inspect(disk, out string? message), Is.EqualTo(DiskState.Volume));
        Assert.That(message, Is.EqualTo("volume marker: copy A (sector 0) is damaged; copy B is in use"));
    }

    [Test]
    public void Two_bad_markers_are_damage_and_never_an_empty_disk()
    {
        SimulatedDisk disk = Finished();
        disk.FlipBit(0, 1);
        disk.ZeroSector(8);
        Assert.That(Volume.Inspect(disk, out string? message), Is.EqualTo(DiskState.Damaged));
        Assert.That(message, Does.Contain("copy A (sector 0) is damaged, and copy B (sector 8) was never written"));
        disk.ZeroSector(0);
        Assert.That(Volume.Inspect(disk, out _), Is.EqualTo(DiskState.Damaged));
    }

    [Test]
    public void A_disk_that_is_too_small_says_so()
    {
        Assert.That(Volume.Inspect(new SimulatedDisk(1000), out string? message), Is.EqualTo(DiskState.TooSmall));
        Assert.That(message, Is.EqualTo("the disk has 500 KiB; HaukiOS needs at least 4.1 MiB"));
    }

    [Test]
    public void A_disk_that_cannot_be_read_says_where()
    {
        SimulatedDisk disk = new(StoreLab.SmallDisk);
        disk.MakeUnreadable(17);
        Assert.That(Volume.Inspect(disk, out string? message), Is.EqualTo(DiskState.Unreadable));
        Assert.That(message, Is.EqualTo("the disk failed to read sector 17: the medium is bad there"));
    }

    [Test]
    public void The_regions_do_not_overlap_and_leave_4_KiB_between_copies()
    {
        SectorRegion[] regions =
        [
            VolumeLayout.MarkerA, VolumeLayout.MarkerB, VolumeLayout.LockA, VolumeLayout.LockB, VolumeLayout.AttemptsA,
            VolumeLayout.AttemptsB, VolumeLayout.StoreHeaderA, VolumeLayout.StoreHeaderB,
        ];
        for (int i = 0; i < regions.Length; i++)
        {
            Assert.That(regions[i].First % 8, Is.Zero, "a copy begins a 4 KiB block");
            long next = i + 1 < regions.Length ? regions[i + 1].First : VolumeLayout.LogStart;
            Assert.That(regions[i].Last, Is.LessThan(next));
        }
    }

    [Test]
    public void Every_disk_size_has_a_sound_geometry_that_fits()
    {
        for (long sectors = StoreGeometry.MinimumDiskSectors; sectors < 1L << 40; sectors += sectors / 7)
        {
            Assert.That(StoreGeometry.ForDisk(sectors).IsSound(sectors), Is.True, $"{sectors}");
        }
    }

    [Test]
    public void Key_derivation_agrees_with_the_library()
    {
        Random random = new(1);
        for (int i = 0; i < 50; i++)
        {
            byte[] key = StoreLab.Value(random, random.Next(1, 100));
            byte[] salt = StoreLab.Value(random, random.Next(1, 65));
            byte[] purpose = StoreLab.Value(random, random.Next(0, 60));
            byte[] expected = new byte[random.Next(1, 33)];
            HkdfBytesGenerator generator = new(new Sha256Digest());
            generator.Init(new HkdfParameters(key, salt, purpose));
            generator.GenerateBytes(expected, 0, expected.Length);

            byte[] derived = new byte[expected.Length];
            KeyDerivation.Derive(key, salt, purpose, derived);

            Assert.That(derived, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Key_derivation_gives_the_first_block_of_RFC_5869_test_case_1()
    {
        byte[] key = new byte[22];
        key.AsSpan().Fill(0x0b);
        byte[] derived = new byte[32];
        KeyDerivation.Derive(
            key,
            Convert.FromHexString("000102030405060708090a0b0c"),
            Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9"),
            derived);
        Assert.That(
            Convert.ToHexStringLower(derived),
            Is.EqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    }
}
