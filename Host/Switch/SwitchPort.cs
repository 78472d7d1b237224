using System;

namespace HaukiOS.Host.Switch;

/// <summary>What passed a port.</summary>
public struct PortCounters
{
    /// <summary>Frames that came in from the station at this port.</summary>
    public long Received;

    /// <summary>Bytes of them.</summary>
    public long ReceivedBytes;

    /// <summary>Frames that went out to it.</summary>
    public long Sent;

    /// <summary>Bytes of them.</summary>
    public long SentBytes;

    /// <summary>Frames for it that found its queue full.</summary>
    public long QueueFull;

    /// <summary>Frames for it while nobody was connected.</summary>
    public long NobodyThere;

    /// <summary>What came in and was no Ethernet frame: too short, too long.</summary>
    public long Malformed;

    /// <summary>How often somebody connected.</summary>
    public long Connections;
}

/// <summary>How a port took a frame.</summary>
public enum Delivery
{
    /// <summary>It is on its way to the station.</summary>
    Taken,

    /// <summary>The queue is full, the frame is lost.</summary>
    QueueFull,

    /// <summary>Nobody is connected, the frame is lost.</summary>
    NobodyThere,
}

/// <summary>One socket of the switch, with a station at its other end.</summary>
public abstract class SwitchPort : IDisposable
{
    /// <summary>What passed it.</summary>
    public PortCounters Counters;

    /// <summary>A port with a name.</summary>
    /// <param name="name">Letters, digits, <c>_</c>, <c>.</c> and <c>-</c>; by it scripts speak of the port.</param>
    private protected SwitchPort(string name) => Name = name;

    /// <summary>How scripts and statistics call it. The fates of its frames follow from it, too.</summary>
    public string Name { get; }

    /// <summary>What passes the port, both ways, as the station sees it; or null.</summary>
    public PcapWriter? Capture { get; set; }

    /// <summary>
    /// Gets a copy of every frame that passes this port, both ways and with all faults; or null. The copies are
    /// bounded by that port's queue.
    /// </summary>
    public MemoryPort? Mirror { get; set; }

    /// <summary>Does the switch remember who sends here? Not where frames bear others' addresses.</summary>
    public bool Learns { get; set; } = true;

    /// <summary>Its place among the ports of the switch.</summary>
    internal int Index { get; set; } = -1;

    /// <summary>The descriptor to wait for; -1 for none.</summary>
    internal virtual int PollHandle => -1;

    /// <summary>What to wait for.</summary>
    internal virtual short PollWanted => 0;

    /// <summary>When to call <see cref="OnReady"/> although nothing is ready; to connect again, for instance.</summary>
    internal virtual TimeSpan RetryAt => TimeSpan.MaxValue;

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Sends a frame to the station, or keeps it for <see cref="Flush"/>. Never waits.</summary>
    internal abstract Delivery Send(ReadOnlySpan<byte> frame);

    /// <summary>Sends what was kept, as far as there is room now.</summary>
    internal virtual void Flush()
    {
    }

    /// <summary>Hands a bounded number of frames from the station to the switch. Never waits.</summary>
    internal abstract void OnReady(SwitchFabric fabric, TimeSpan now);
}
