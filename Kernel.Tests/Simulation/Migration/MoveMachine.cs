using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Loop;
using HaukiOS.Memory;
using HaukiOS.Migration;
using HaukiOS.Net;
using HaukiOS.Tests.Unit.Migration;
using HaukiOS.Tests.Unit.Net.Service;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>The machine is the arrived node's now, or its node is gone: nothing after that call is executed.</summary>
internal sealed class MachineGivenAway : Exception;

/// <summary>
/// A machine with memory, card, disk and teleporter. While its node stands still, time passes and the other machine
/// runs whenever the card is looked at.
/// </summary>
internal sealed unsafe class MoveMachine : IMachine, IDisposable
{
    private readonly BlockMachine block;
    private readonly byte[] savedState = [1, 2, 3, 4, 5, 6, 7, 8];

    public MoveMachine(NetworkNode node, int mebibytes, IBlockDevice? disk = null)
    {
        block = new BlockMachine(mebibytes);
        Node = node;
        Disk = new DiskSlot(disk);
        Teleporter = new Teleporter(
            new TeleporterParts(this, node.Service, Disk, Lock, node.Entropy, node.Log) { Jumps = Jumps });
        Teleporter.Join(node.Loop);
        Jumps.Add(node.Entropy);
        Jumps.Add(node.Service);
        Jumps.Add(Teleporter);
        GatherRandomness();

        node.Card!.BeforeReceive = () =>
        {
            if (IsStopped)
            {
                WhileStopped?.Invoke();
            }
        };
    }

    public NetworkNode Node { get; }

    public BlockMachine Block => block;

    public DiskSlot Disk { get; }

    public NodeLock Lock { get; } = new();

    public Teleporter Teleporter { get; }

    public TimeJumps Jumps { get; } = new();

    /// <summary>Does the node stand still?</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Runs whenever the stopped node looks at its card.</summary>
    public Action? WhileStopped { get; set; }

    /// <summary>Is the node gone for good?</summary>
    public bool IsGone { get; private set; }

    /// <summary>What has landed here; null if nothing has.</summary>
    public StagedDirectory? Landed { get; private set; }

    /// <summary>Does the landed node greet everybody on the wire under its own address, as a real one does?</summary>
    public bool SpeaksOnceLanded { get; set; } = true;

    public byte[]? LandedState { get; private set; }

    public Instant LandedTime { get; private set; }

    /// <summary>What was said to the operator while the node stood still.</summary>
    public List<string> Told { get; } = [];

    /// <summary>What the operator types then.</summary>
    public Queue<byte> Typed { get; } = new();

    public string? RefusesLanding { get; set; }

    /// <summary>Runs when everything has arrived here and the node is this machine's to take.</summary>
    public Action? OnCheckLanding { get; set; }

    public MachineProfile Profile { get; set; } = new()
    {
        Features = 0x0783_FBFF,
        BuildId = new byte[MachineProfile.BuildIdLength],
    };

    MachineProfile IMachine.Profile => Profile with
    {
        MemoryBytes = (long)block.Frames->Total * AddressMap.PageSize,
        FreeBytes = (long)block.Frames->Free * AddressMap.PageSize,
    };

    public IClock Clock => Node;

    public byte* Physical => block.Physical;

    public PageDirectory Directory => block.Directory;

    public FrameAllocator* Frames => block.Frames;

    public IDmaMemory Local => block.Local;

    public INetworkDevice? Card => Node.Card;

    public bool IsWorkerBusy => false;

    public int WorkerShare { get; set; } = 100;

    public ReadOnlySpan<byte> SavedState => savedState;

    public void FlushTranslations() => block.FlushTranslations();

    public string? PrepareDeparture() => null;

    public string? RehearseLanding() => null;

    public bool Depart(Action leave)
    {
        IsStopped = true;
        try
        {
            leave();
        }
        finally
        {
            IsStopped = false;
        }

        return false;
    }

    public string? CheckLanding(StagedDirectory staged, ReadOnlySpan<byte> state)
    {
        OnCheckLanding?.Invoke();
        return RefusesLanding;
    }

    public void Land(StagedDirectory staged, ReadOnlySpan<byte> state, Instant time, ReadOnlySpan<byte> baggage)
    {
        Landed = staged;
        LandedState = state.ToArray();
        LandedTime = time;
        Speak(baggage);

        throw new MachineGivenAway();
    }

    public byte[] Rebind() => throw new NotSupportedException();

    public void Tell(ReadOnlySpan<byte> text) => Told.Add(System.Text.Encoding.ASCII.GetString(text));

    public int Listen() => Typed.TryDequeue(out byte typed) ? typed : -1;

    public void StartAnew()
    {
        IsGone = true;
        throw new MachineGivenAway();
    }

    /// <summary>Lets the loop run, unless this machine is somebody else's by now.</summary>
    public void Run()
    {
        if (Landed is not null || IsGone || IsStopped)
        {
            return;
        }

        try
        {
            Node.RunTurns();
        }
        catch (MachineGivenAway)
        {
            // What comes next is another kernel's.
        }
    }

    /// <summary>Interrupts come until the pool is ready.</summary>
    public void GatherRandomness()
    {
        while (!Node.Entropy.IsReady)
        {
            Node.Entropy.NoteInterrupt();
            Node.Entropy.OnPending(Node.Now);
        }
    }

    public void Dispose() => block.Dispose();

    private void Speak(ReadOnlySpan<byte> baggage)
    {
        var witness = new Witness(Node, Node.Log) { Station = () => KeptFrames.Messenger };
        witness.Landed(baggage, Disk.Device);
        Span<byte> room = Node.Card!.BeginTransmit();
        Node.Card.EndTransmit(witness.Transmit(room, LandedTime), default);
        if (SpeaksOnceLanded)
        {
            EthernetFrame.WriteHeader(
                Node.Card.BeginTransmit(), MacAddress.Broadcast, witness.Record.Terms.Station, EtherType.Arp);
            Node.Card.EndTransmit(INetworkDevice.FrameMin, default);
        }
    }
}
