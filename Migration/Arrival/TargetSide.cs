using System;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using HaukiOS.Memory;
using HaukiOS.Net;
using HaukiOS.Swarm;

namespace HaukiOS.Migration;

/// <summary>This machine standing by: the pairing, and then the arrival that was agreed on.</summary>
internal sealed class TargetSide
{
    // For this kernel's own needs while pages arrive, and for the tables of the landing.
    private const long ReserveBytes = 4L << 20;

    private readonly TeleporterParts parts;
    private readonly IMachine machine;
    private readonly LinkMemory memory;
    private readonly PendingBit? work;
    private PairingServer? server;
    private PairingCode? code;
    private HandoverJournal? journal;

    /// <summary>Stands by as soon as <see cref="Open"/> has succeeded.</summary>
    public TargetSide(TeleporterParts parts, IMachine machine, LinkMemory memory, PendingBit? work)
    {
        this.parts = parts;
        this.machine = machine;
        this.memory = memory;
        this.work = work;
    }

    /// <summary>Is there a disk that would know of a node that has left?</summary>
    public bool HasRecord => journal is not null;

    /// <summary>What is arriving; null while nobody has come.</summary>
    public Arrival? Arrival { get; private set; }

    /// <summary>Does this machine not stand by any more?</summary>
    public bool IsOver { get; private set; }

    /// <summary>Why not, in a sentence.</summary>
    public string? Problem { get; private set; }

    /// <summary>Has the operator agreed that what is on the disk may be lost?</summary>
    public bool MayOverwrite { get; init; }

    /// <summary>Opens the port.</summary>
    /// <param name="key">By what this machine is known.</param>
    /// <param name="shown">The code that the other operator has to type.</param>
    /// <param name="now">The present moment.</param>
    /// <returns>Null on success; otherwise why not, in a sentence.</returns>
    public string? Open(KeyPair key, out string? shown, Instant now)
    {
        shown = null;
        string? problem = DiskOf.CheckStandBy(parts.Disk, parts.Lock, MayOverwrite, out journal);
        if (problem is not null)
        {
            return problem;
        }

        code = PairingCode.Generate(parts.Entropy);
        var host = new PairingHost(key, parts.Entropy, Side, Judge)
        {
            Code = code,
            Knows = Knows,
            Work = work,
        };
        server = new PairingServer(host, now);
        SocketError error = parts.Network.Services.Start(server, parts.Network.Stack, PairingProtocol.Port);
        if (error != SocketError.None)
        {
            Close();
            return $"port {PairingProtocol.Port}: {error.Sentence()}";
        }

        shown = code.ToString();
        return null;
    }

    /// <summary>Does a part of the work.</summary>
    /// <returns>True if there is more to do at once.</returns>
    public bool Step(Instant now)
    {
        if (IsOver)
        {
            return false; // the operator has ended it since the last step
        }

        if (Arrival is not null)
        {
            bool more = Arrival.Step(now);
            if (Arrival.State == ArrivalState.Failed)
            {
                End(Arrival.Problem);
            }

            return more;
        }

        bool hasMore = server!.Step(now);
        switch (server.State)
        {
            case PairingState.Agreed:
                Receive(server.Terms!, now);
                return true;
            case PairingState.Failed:
                End(server.Problem);
                return false;
            default:
                return hasMore;
        }
    }

    /// <summary>This machine does not wait any longer.</summary>
    public void Cancel(Instant now)
    {
        if (Arrival is not null)
        {
            Arrival.Cancel("the target's operator has ended it", now);
        }
        else
        {
            End("ended by the operator");
        }
    }

    /// <summary>What was agreed on must not be used any more, the keys of the link least of all.</summary>
    /// <param name="why">A sentence for people.</param>
    public void BreakOff(string why)
    {
        if (Arrival is not null)
        {
            Arrival.BreakOff(why);
        }
        else
        {
            End(why);
        }
    }

    /// <summary>When <see cref="Step"/> is to be called next without a frame; false: not at all.</summary>
    public bool TryGetNextDue(out Instant due)
    {
        due = default;
        return Arrival is not null && Arrival.TryGetNextDue(out due);
    }

    /// <summary>Fills in the figures.</summary>
    public void Report(ref MoveStatus status)
    {
        if (Arrival is null)
        {
            return;
        }

        status.Phase = MovePhase.Receiving;
        status.Round = Arrival.Staging.Round;
        status.PagesLeft = Arrival.Staging.PagesLeft;
        status.PagesSent = Arrival.Staging.PagesReceived;
        status.SectorsSent = Arrival.Staging.SectorsReceived;
        status.BytesSent = Arrival.Wire.BytesReceived;
    }

    private MoveSide Side() => DiskOf.SideOf(machine, parts.Disk.SectorCount);

    private string? Judge(MoveOffer offer)
    {
        long needed = ((long)offer.Pages * AddressMap.PageSize) + TableBytes(offer.Pages) + ReserveBytes;
        if (needed > machine.Profile.FreeBytes)
        {
            const long mebibyte = 1 << 20;
            return $"the node needs {(needed + mebibyte - 1) / mebibyte} MiB, "
                + $"and the machine there has {machine.Profile.FreeBytes / mebibyte} MiB free";
        }

        return DiskOf.JudgeOffer(parts.Disk, journal, MayOverwrite, offer);
    }

    // One table maps 4 MiB; the node's pages lie in some large ranges.
    private static long TableBytes(long pages) => ((pages / 1024) + 16) * AddressMap.PageSize;

    private bool Knows(Fingerprint fingerprint) => journal is not null && DiskOf.KnowsNode(journal, fingerprint);

    private void Receive(SessionTerms terms, Instant now)
    {
        CloseServer();
        StagedDirectory? staged;
        unsafe
        {
            staged = StagedDirectory.TryCreate(machine.Physical, machine.Frames);
        }

        if (staged is null)
        {
            End("no memory is left to receive a node");
            return;
        }

        DiskReceiver? disk = null;
        if (terms.Offer.Source.DiskSectors > 0)
        {
            disk = new DiskReceiver(parts.Disk, new DiskOffer(terms.Offer.Source.DiskSectors));
        }

        Arrival = new Arrival(
            machine, memory, staged, disk, disk is null ? null : journal, parts.Witness?.Record, terms, now);
    }

    private void End(string? problem)
    {
        Problem = problem;
        IsOver = true;
        Close();
    }

    private void Close()
    {
        CloseServer();
        code?.Dispose();
        code = null;
    }

    private void CloseServer()
    {
        if (server is not null)
        {
            parts.Network.Services.Stop(PairingProtocol.Port, machine.Clock.Now);
            server = null;
        }
    }
}
