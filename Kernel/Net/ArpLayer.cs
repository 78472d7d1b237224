using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>What is known about a neighbour.</summary>
public enum NeighbourState
{
    /// <summary>Nobody.</summary>
    Free,

    /// <summary>Asked for; no answer yet.</summary>
    Incomplete,

    /// <summary>It answered not long ago.</summary>
    Reachable,

    /// <summary>It answered once; it is used, and asked again when next used.</summary>
    Stale,

    /// <summary>It is being asked again while its old address is used.</summary>
    Probing,

    /// <summary>It did not answer.</summary>
    Failed,
}

/// <summary>One neighbour, for people.</summary>
public readonly record struct Neighbour(Ipv4Address Address, MacAddress Station, NeighbourState State);

/// <summary>Address resolution (RFC 826) and the guard over our own address (RFC 5227).</summary>
public sealed class ArpLayer
{
    /// <summary>Neighbours known or asked for.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>Neighbour number <paramref name="index"/> of <see cref="Count"/>.</summary>
    public Neighbour NeighbourAt(int index) => throw new NotImplementedException();

    /// <summary>Where our own address is on its way to being used.</summary>
    public AddressState State => throw new NotImplementedException();

    /// <summary>Who else uses, or wanted, our address; zero: nobody.</summary>
    public MacAddress ConflictWith => throw new NotImplementedException();

    /// <summary>Tells everybody our address, as after a move (RFC 5227, section 2.3).</summary>
    public void Announce(Instant now) => throw new NotImplementedException();

    /// <summary>Forgets every neighbour.</summary>
    public void Flush() => throw new NotImplementedException();
}
