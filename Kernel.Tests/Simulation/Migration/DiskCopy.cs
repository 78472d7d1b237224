using System;
using HaukiOS.Hardware;
using HaukiOS.Migration;
using HaukiOS.Store;
using HaukiOS.Tests.Unit.Drivers;
using NUnit.Framework;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>A node's disk on its way: what the sender takes is handed to the receiver at once.</summary>
public sealed class DiskCopy
{
    // A page and a bit, as a record of the link has.
    private readonly byte[] room = new byte[4096 + 64];

    public DiskCopy(IBlockDevice source, EncryptedStore? store, IBlockDevice target)
        : this(new DiskSlot(source), store, target)
    {
    }

    public DiskCopy(DiskSlot slot, EncryptedStore? store, IBlockDevice target)
    {
        Slot = slot;
        Sender = new DiskSender(slot, new SimulatedDma());
        Offer = DiskOffer.Of(slot, store);
        Receiver = new DiskReceiver(target, Offer);
        Sender.Begin(store);
    }

    public DiskSlot Slot { get; }

    public DiskOffer Offer { get; }

    public DiskSender Sender { get; }

    public DiskReceiver Receiver { get; }

    /// <summary>Sectors that travelled as bytes, and those that travelled as zero.</summary>
    public (long Bytes, long Zeros) Sent { get; private set; }

    /// <summary>Sends one piece.</summary>
    /// <returns>False if nothing is left in the round.</returns>
    public bool Step()
    {
        long before = Sender.SectorsLeft;
        if (!Sender.TryTakeNext(room, out DiskPiece piece))
        {
            return false;
        }

        Assert.That(before - Sender.SectorsLeft, Is.GreaterThanOrEqualTo(piece.Sectors));
        if (piece.IsZero)
        {
            Sent = (Sent.Bytes, Sent.Zeros + piece.Sectors);
            Receiver.Zero(piece.Sector, piece.Sectors);
        }
        else
        {
            Sent = (Sent.Bytes + piece.Sectors, Sent.Zeros);
            Receiver.Write(piece.Sector, room.AsSpan(0, piece.Length));
        }

        return true;
    }

    /// <summary>The end of a move: nothing writes any more, and the rest goes out.</summary>
    public void Finish()
    {
        do
        {
            while (Step())
            {
            }

            Sender.Collect();
        }
        while (Sender.SectorsLeft > 0 && Sender.Failure == BlockResult.Ok);

        Receiver.Flush();
        Sender.End();
    }
}
