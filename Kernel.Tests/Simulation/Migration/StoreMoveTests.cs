using System;
using System.Collections.Generic;
using System.Linq;
using HaukiOS.Hardware;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;
using static HaukiOS.Tests.Simulation.Store.StoreLab;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>
/// A store that is written to moves to another disk. Afterwards it opens there, knows every value that was
/// acknowledged, and finds nothing wrong, whatever was on that disk before; and as long as it has not arrived, the disk
/// that it comes from is whole.
/// </summary>
[TestFixture]
public sealed class StoreMoveTests
{
    [Test]
    public void An_idle_store_arrives_and_its_dead_sectors_stay_behind([Values(3, 4)] int seed)
    {
        StoreNode node = StoreNode.Make(seed, 400);
        SimulatedDisk target = new(SmallDisk);
        DiskCopy copy = new(node.Slot, node.Store, target);

        copy.Finish();

        StoreNode.AssertArrived(target, node.Model, $"seed {seed}");
        Assert.That(copy.Sent.Bytes, Is.LessThan(SmallDisk / 3));
        Assert.That(copy.Sent.Bytes + copy.Sent.Zeros, Is.LessThan(SmallDisk / 2 + (16 * 160)));
    }

    [Test]
    public void A_store_that_is_written_to_all_the_time_arrives([Range(1, 12)] int seed)
    {
        StoreNode node = StoreNode.Make(seed, 300);
        SimulatedDisk target = Garbage(SmallDisk + 77, seed);
        DiskCopy copy = new(node.Slot, node.Store, target);

        node.WorkWhileCopied(copy, 250);
        copy.Finish();

        Assert.That(copy.Receiver.Failure, Is.EqualTo(BlockResult.Ok));
        StoreNode.AssertArrived(target, node.Model, $"seed {seed}");
    }

    /// <summary>
    /// The other disk knows an older life of the store, or a life that was forgotten: somebody let the copy that was
    /// left behind go on, and it has come further than the node. Nothing of that may come to light.
    /// </summary>
    [Test]
    public void What_the_disk_knew_of_the_store_before_does_not_come_back(
        [Values(5, 6, 7)] int seed,
        [Values(150, 2500)] int changes,
        [Values(0, 5, 40, 200, 900)] int changesOfTheOther)
    {
        StoreNode node = StoreNode.Make(seed, changes);
        StoreNode other = StoreNode.At(node.Disk.Copy(), new(node.Model), seed + 50);
        other.Work(changesOfTheOther);
        node.Work(30);
        DiskCopy copy = new(node.Slot, node.Store, other.Disk);

        node.WorkWhileCopied(copy, 20);
        copy.Finish();

        StoreNode.AssertArrived(other.Disk, node.Model, $"seed {seed}");
    }

    [Test]
    public void A_store_goes_back_and_forth_and_stays_whole([Values(11, 12)] int seed)
    {
        StoreNode node = StoreNode.Make(seed, 100);
        SimulatedDisk there = new(SmallDisk);
        for (int move = 0; move < 30; move++)
        {
            DiskCopy copy = new(node.Slot, node.Store, there);
            node.WorkWhileCopied(copy, 15);
            copy.Finish();
            StoreNode.AssertArrived(there, node.Model, $"seed {seed}, move {move}");
            // The node that arrives goes on with its open store; now and then it is started anew.
            SimulatedDisk left = node.Disk;
            if (move % 3 == 0)
            {
                node = StoreNode.At(there, node.Model, seed + move);
            }
            else
            {
                node.ArriveAt(there);
            }

            there = left;
        }
    }

    [Test]
    public void An_emptied_store_takes_little()
    {
        const int seed = 14;
        StoreNode node = StoreNode.Make(seed, 1500);
        foreach (string name in node.Model.Keys.ToArray())
        {
            Assert.That(node.Store.Delete(name), Is.Null);
            node.Model.Remove(name);
        }

        SimulatedDisk target = Garbage(SmallDisk, seed);
        DiskCopy copy = new(node.Slot, node.Store, target);
        copy.Finish();

        StoreNode.AssertArrived(target, node.Model, $"seed {seed}");
        Assert.That(copy.Sent.Bytes, Is.LessThan(SmallDisk / 2));
    }

    /// <summary>Locked, the store cannot say what of it is alive: all of the disk goes.</summary>
    [Test]
    public void A_locked_store_arrives_with_all_of_its_disk([Values(21, 22)] int seed)
    {
        StoreNode node = StoreNode.Make(seed, 200);
        SimulatedDisk target = Garbage(SmallDisk, seed);
        DiskCopy copy = new(node.Slot, null, target);

        copy.Finish();

        StoreNode.AssertArrived(target, node.Model, $"seed {seed}");
    }

    /// <summary>The target loses its power at every write and every flush; then the move is made once more.</summary>
    [Test]
    public void The_target_may_lose_its_power_at_every_request([Values(31, 32)] int seed)
    {
        Random power = new(seed);
        int last = CutTarget(seed, 0, power);
        Assert.That(last, Is.GreaterThan(50), "a move of some length");
        for (int cut = 1; cut <= last; cut++)
        {
            CutTarget(seed, cut, power);
        }
    }

    /// <summary>The source loses its power at every write of a move; it starts again, and moves.</summary>
    [Test]
    public void The_source_may_lose_its_power_at_every_request([Values(41, 42)] int seed)
    {
        Random power = new(seed);
        SimulatedDisk target = new(SmallDisk);
        for (int cut = 1; cut < 150; cut++)
        {
            StoreNode node = StoreNode.Make(seed, 120);
            node.Disk.CutAt = node.Disk.Requests + cut;
            try
            {
                node.WorkWhileCopied(new DiskCopy(node.Slot, node.Store, target), 100);
                node.Disk.CutAt = 0;
            }
            catch (PowerCutException)
            {
                // The copy is forgotten with the node.
            }

            StoreNode again = StoreNode.At(node.Disk.AfterPowerCut(power), node.Model, seed + 1);
            again.AdoptUnfinished(node);
            DiskCopy copy = new(again.Slot, again.Store, target);
            again.WorkWhileCopied(copy, 10);
            copy.Finish();
            StoreNode.AssertArrived(target, again.Model, $"seed {seed}, cut {cut}", mayBeTorn: true);
        }
    }

    private static int CutTarget(int seed, int cut, Random power)
    {
        StoreNode node = StoreNode.Make(seed, 150);
        SimulatedDisk target = Garbage(SmallDisk, seed);
        int before = target.Requests;
        target.CutAt = cut == 0 ? 0 : before + cut;
        bool flushed = false;
        try
        {
            DiskCopy copy = new(node.Slot, node.Store, target);
            node.WorkWhileCopied(copy, 60);
            copy.Finish();
            flushed = copy.Receiver.Failure == BlockResult.Ok;
        }
        catch (PowerCutException)
        {
            node.Slot.Observer = null;
        }

        int requests = target.Requests - before;
        string context = $"seed {seed}, cut at request {cut}";
        if (flushed)
        {
            // Whatever the power does now: it is on the medium.
            StoreNode.AssertArrived(target.AfterPowerCut(power), node.Model, context);
            return requests;
        }

        // Nobody has told the node to go: it works on where it is, and its disk is whole.
        node.Work(5);
        StoreNode.AssertArrived(node.Disk.AfterPowerCut(power), node.Model, context);
        SimulatedDisk again = target.AfterPowerCut(power);
        DiskCopy second = new(node.Slot, node.Store, again);
        node.WorkWhileCopied(second, 10);
        second.Finish();
        StoreNode.AssertArrived(again, node.Model, context + ", second move");
        return requests;
    }

    private static SimulatedDisk Garbage(long sectors, int seed)
    {
        SimulatedDisk disk = new(sectors);
        byte[] bytes = new byte[sectors * IBlockDevice.SectorSize];
        new Random(seed).NextBytes(bytes);
        disk.Write(0, bytes);
        disk.Flush();
        return disk;
    }
}
