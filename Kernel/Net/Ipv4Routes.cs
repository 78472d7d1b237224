using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>Where datagrams go: our address, the next hop, and the path MTUs that were learnt (RFC 1191).</summary>
public sealed class Ipv4Routes
{
    /// <summary>Path MTUs remembered. Beyond this the one learnt first is forgotten.</summary>
    public const int PathsMax = 64;

    /// <summary>
    /// No path MTU is believed that is shorter. A forged message could otherwise make us send tiny segments; a true one
    /// is served by letting the router cut (RFC 1191 allows down to 68).
    /// </summary>
    public const int PathMtuMin = 552;

    /// <summary>After so long a path may have grown (RFC 1191, section 6.3).</summary>
    public const int PathAgeMinutes = 10;

    private readonly NetworkCounters counters;
    private readonly Path[] paths = new Path[PathsMax];
    private int pathCount;

    internal Ipv4Routes(NetworkCounters counters) => this.counters = counters;

    /// <summary>The address and its surroundings, wanted or in use.</summary>
    public InterfaceConfiguration Configuration { get; private set; }

    /// <summary>Is the address in use?</summary>
    public bool IsUp { get; private set; }

    /// <summary>Our address while it is in use, else <see cref="Ipv4Address.Any"/>.</summary>
    public Ipv4Address Local => IsUp ? Configuration.Address : Ipv4Address.Any;

    /// <summary>The address to speak from to one host.</summary>
    public SocketError SelectSource(Ipv4Address remote, out Ipv4Address source)
    {
        source = Local;
        SocketError error = NextHop(remote, out Ipv4Address hop);
        return error == SocketError.None && Configuration.IsBroadcast(hop) ? SocketError.NetworkUnreachable : error;
    }

    /// <summary>The neighbour to hand a datagram to (RFC 1122, section 3.3.1.1).</summary>
    public SocketError NextHop(Ipv4Address remote, out Ipv4Address hop)
    {
        hop = remote;
        if (!IsUp)
        {
            return SocketError.NetworkDown;
        }

        if (Configuration.IsBroadcast(remote))
        {
            hop = Ipv4Address.Broadcast;
            return SocketError.None;
        }

        if (!remote.IsHost || remote == Configuration.Address)
        {
            return SocketError.NetworkUnreachable;
        }

        if (!Configuration.IsOnWire(remote))
        {
            hop = Configuration.Gateway;
        }

        return hop == Ipv4Address.Any ? SocketError.NetworkUnreachable : SocketError.None;
    }

    /// <summary>The longest datagram that is believed to reach the destination whole.</summary>
    public int PathMtu(Ipv4Address destination)
    {
        int found = Find(destination);
        return found < 0 ? Configuration.EffectiveMtu : Math.Min(paths[found].Mtu, Configuration.EffectiveMtu);
    }

    /// <summary>
    /// Must routers leave datagrams to the destination whole? Not where the path is too narrow for that.
    /// </summary>
    public bool MayForbidFragments(Ipv4Address destination)
    {
        int found = Find(destination);
        return found < 0 || !paths[found].IsNarrow;
    }

    /// <summary>Remembers what a router said, once whoever sent the datagram has found it credible.</summary>
    /// <param name="destination">The end of the path.</param>
    /// <param name="mtu">The longest datagram that the next hop takes.</param>
    /// <param name="now">The present moment.</param>
    internal void LearnPathMtu(Ipv4Address destination, int mtu, Instant now)
    {
        // An answer that would let the path grow is no answer to anything we sent (RFC 1191, section 3).
        if (mtu >= PathMtu(destination))
        {
            return;
        }

        int slot = Find(destination);
        if (slot < 0)
        {
            slot = pathCount < PathsMax ? pathCount++ : Oldest();
        }

        paths[slot] = new Path
        {
            Destination = destination,
            Mtu = Math.Max(mtu, PathMtuMin),
            IsNarrow = mtu < PathMtuMin,
            Until = now.AddMilliseconds(PathAgeMinutes * 60_000L),
        };
        counters.Add(NetCounter.PathMtuLearnt);
    }

    internal void Set(in InterfaceConfiguration configuration, bool isUp)
    {
        if (configuration != Configuration)
        {
            pathCount = 0;
        }

        Configuration = configuration;
        IsUp = isUp && configuration.IsConfigured;
    }

    internal void Advance(Instant now)
    {
        for (int i = pathCount - 1; i >= 0; i--)
        {
            if (paths[i].Until <= now)
            {
                paths[i] = paths[--pathCount];
            }
        }
    }

    internal bool TryGetNextDue(out Instant due)
    {
        due = new Instant(long.MaxValue);
        for (int i = 0; i < pathCount; i++)
        {
            due = paths[i].Until < due ? paths[i].Until : due;
        }

        return pathCount > 0;
    }

    private int Oldest()
    {
        int found = 0;
        for (int i = 1; i < pathCount; i++)
        {
            found = paths[i].Until < paths[found].Until ? i : found;
        }

        return found;
    }

    private int Find(Ipv4Address destination)
    {
        for (int i = 0; i < pathCount; i++)
        {
            if (paths[i].Destination == destination)
            {
                return i;
            }
        }

        return -1;
    }

    private struct Path
    {
        internal Ipv4Address Destination;
        internal int Mtu;
        internal bool IsNarrow;
        internal Instant Until;
    }
}
