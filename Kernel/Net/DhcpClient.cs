using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>Where the client is (RFC 2131, figure 5).</summary>
public enum DhcpState
{
    /// <summary>Not in use.</summary>
    Off,

    /// <summary>About to look for servers.</summary>
    Init,

    /// <summary>Asking for offers.</summary>
    Selecting,

    /// <summary>Asking for the address that was offered.</summary>
    Requesting,

    /// <summary>Asking for the address of an earlier lease.</summary>
    Rebooting,

    /// <summary>The address was granted; looking whether somebody has it (RFC 5227).</summary>
    Checking,

    /// <summary>The address is ours.</summary>
    Bound,

    /// <summary>Asking our server for more time.</summary>
    Renewing,

    /// <summary>Asking any server for more time.</summary>
    Rebinding,
}

/// <summary>What a server granted. Moments are of the monotonic clock.</summary>
public readonly record struct DhcpLease(
    InterfaceConfiguration Configuration,
    Ipv4Address Server,
    uint Seconds,
    Instant RenewAt,
    Instant RebindAt,
    Instant ExpiresAt);

/// <summary>Gets the address from a server (RFC 2131).</summary>
public sealed class DhcpClient
{
    private readonly NetworkCounters counters;
    private readonly KeyedHash hash;

    internal DhcpClient(NetworkCounters counters, KeyedHash hash)
    {
        this.counters = counters;
        this.hash = hash;
    }

    /// <summary>Where it is.</summary>
    public DhcpState State { get; private set; }

    /// <summary>The lease; meaningful from <see cref="DhcpState.Bound"/> on.</summary>
    public DhcpLease Lease => default;

    /// <summary>The name servers of the lease, at most three.</summary>
    public ReadOnlySpan<Ipv4Address> NameServers => default;

    /// <summary>The host name told to servers; at most 63 ASCII letters, digits and hyphens. Empty: none.</summary>
    public string HostName { get; set; } = "";

    internal Instant NextDue { get; private set; } = new(long.MaxValue);

    /// <summary>Begins; asks for <paramref name="earlier"/> first if there is one (INIT-REBOOT).</summary>
    public void Start(Instant now, Ipv4Address earlier = default) => throw new NotImplementedException();

    /// <summary>Gives the lease back and stops.</summary>
    public void Release(Instant now) => throw new NotImplementedException();
}
