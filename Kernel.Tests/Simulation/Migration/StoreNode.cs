using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>A node as far as its store goes: a disk in its slot, an open store, and what it has acknowledged.</summary>
internal sealed class StoreNode
{
    private const int Names = 60;
    private readonly Random random;
    private (string? Name, byte[]? Value) unfinished;

    private StoreNode(SimulatedDisk disk, Dictionary<string, byte[]> model, int seed)
    {
        Slot = new DiskSlot(disk);
        Model = model;
        Store = StoreLab.Open(Slot, seed);
        random = new Random(seed);
    }

    public DiskSlot Slot { get; }

    public SimulatedDisk Disk => (SimulatedDisk)Slot.Device!;

    public EncryptedStore Store { get; }

    public Dictionary<string, byte[]> Model { get; }

    /// <summary>A node on a new disk, after so many changes.</summary>
    public static StoreNode Make(int seed, int changes)
    {
        StoreNode node = new(StoreLab.Formatted(), [], seed);
        node.Work(changes);
        return node;
    }

    /// <summary>A node that starts on a disk.</summary>
    public static StoreNode At(SimulatedDisk disk, Dictionary<string, byte[]> model, int seed) =>
        new(disk, model, seed);

    /// <summary>The disk, started from, knows everything and finds nothing wrong, and takes more.</summary>
    public static void AssertArrived(
        SimulatedDisk disk, Dictionary<string, byte[]> model, string context, bool mayBeTorn = false)
    {
        SimulatedDisk copy = disk.Copy();
        for (int start = 0; start < 2; start++)
        {
            EncryptedStore store = StoreLab.Open(copy, 9000 + start);
            Assert.That(store.Verify(), Is.Zero, context);
            if (!mayBeTorn)
            {
                Assert.That(store.Notices.Lines, Is.Empty, context);
            }

            if (start == 1)
            {
                Assert.That(StoreLab.GetText(store, "after"), Is.EqualTo("the move"), context);
                Assert.That(store.Delete("after"), Is.Null, context);
            }

            StoreLab.AssertSame(store, model, context);
            StoreLab.PutOk(store, "after", "the move");
        }
    }

    /// <summary>The node arrives with its memory, its store open.</summary>
    public void ArriveAt(SimulatedDisk disk)
    {
        Slot.Device = disk;
        Store.BeginSession();
    }

    /// <summary>Puts and deletes.</summary>
    public void Work(int changes)
    {
        for (int i = 0; i < changes; i++)
        {
            Change();
        }
    }

    /// <summary>So many changes while the disk is copied, in some order.</summary>
    public void WorkWhileCopied(DiskCopy copy, int changes)
    {
        while (changes > 0)
        {
            if (random.Next(6) == 0)
            {
                Change();
                changes--;
            }
            else if (!copy.Step())
            {
                copy.Sender.Collect();
            }
        }
    }

    /// <summary>What the power cut off in another node's life on this disk is there or it is not.</summary>
    public void AdoptUnfinished(StoreNode before)
    {
        (string? name, byte[]? value) = before.unfinished;
        if (name is null)
        {
            return;
        }

        bool there = Store.Get(name, out byte[] found) is null;
        if (value is null && !there)
        {
            Model.Remove(name);
        }
        else if (value is not null && there && found.AsSpan().SequenceEqual(value))
        {
            Model[name] = value;
        }
    }

    private void Change()
    {
        string name = $"n{random.Next(Names)}";
        bool delete = Model.ContainsKey(name) && random.Next(6) == 0;
        int length = random.Next(20) == 0 ? random.Next(EncryptedStore.ValueBytesMax) : random.Next(3000);
        byte[]? value = delete ? null : StoreLab.Value(random, length);
        unfinished = (name, value);
        StoreError? error = value is null ? Store.Delete(name) : Store.Put(name, value);
        unfinished = default;
        if (error?.Kind == StoreErrorKind.Full)
        {
            return;
        }

        Assert.That(error?.Message, Is.Null);
        if (value is null)
        {
            Model.Remove(name);
        }
        else
        {
            Model[name] = value;
        }
    }
}
