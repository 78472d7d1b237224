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

/// <summary>What the client wants of the stack.</summary>
internal enum DhcpAction
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Use the lease's address, after asking whether somebody has it.</summary>
    Use,

    /// <summary>Go on with it; what surrounds the address may have changed.</summary>
    Keep,

    /// <summary>Have no address.</summary>
    Drop,
}

/// <summary>Where a message of the client goes.</summary>
internal readonly record struct DhcpOutput(Ipv4Address Source, Ipv4Address Destination, int Length);

/// <summary>
/// Gets the address from a server (RFC 2131, section 4.4): a state machine that is given messages and time, and asked
/// for messages and for what to do with the address.
/// </summary>
public sealed class DhcpClient
{
    /// <summary>The first pause before a message is sent again; each is twice the one before (RFC 2131, 4.1).</summary>
    public const int RetryMilliseconds = 4_000;

    /// <summary>The longest such pause.</summary>
    public const int RetryMaxMilliseconds = 64_000;

    /// <summary>Chance added to or taken from each pause, at most.</summary>
    public const int JitterMilliseconds = 1_000;

    /// <summary>How often one request is sent before the search begins anew.</summary>
    public const int RequestsMax = 4;

    /// <summary>The pause after an address turned out to be somebody else's (RFC 2131, section 3.1, step 5).</summary>
    public const int DeclineMilliseconds = 10_000;

    /// <summary>No lease is taken that is shorter: it would be all renewing.</summary>
    public const int LeaseSecondsMin = 10;

    /// <summary>The shortest pause between two requests for more time (RFC 2131, section 4.4.5).</summary>
    public const int RenewMilliseconds = 60_000;

    /// <summary>A lease without end (RFC 2131, section 3.3).</summary>
    public const uint Forever = uint.MaxValue;

    private static readonly Instant Never = new(long.MaxValue);

    private readonly NetworkCounters counters;
    private readonly KeyedHash hash;
    private readonly Ipv4Address[] nameServers = new Ipv4Address[3];
    private int nameServerCount;
    private DhcpKind message;
    private DhcpAction action;
    private uint transaction;
    private int tries;
    private int failures;
    private Instant startedAt;
    private Ipv4Address wanted;
    private Ipv4Address server;

    internal DhcpClient(NetworkCounters counters, KeyedHash hash)
    {
        this.counters = counters;
        this.hash = hash;
    }

    /// <summary>Where it is.</summary>
    public DhcpState State { get; private set; }

    /// <summary>The lease; meaningful from <see cref="DhcpState.Checking"/> on.</summary>
    public DhcpLease Lease { get; private set; }

    /// <summary>The name servers of the lease, at most three.</summary>
    public ReadOnlySpan<Ipv4Address> NameServers => nameServers.AsSpan(0, nameServerCount);

    /// <summary>The host name told to servers; at most 63 ASCII letters, digits and hyphens. Empty: none.</summary>
    public string HostName
    {
        get;
        set => field = IsHostName(value)
            ? value
            : throw new ArgumentException("a host name has at most 63 letters, digits and hyphens", nameof(value));
    } = "";

    internal Instant NextDue { get; private set; } = Never;

    internal bool HasMessage => message != DhcpKind.None;

    /// <summary>Is there a lease to be given back before the address goes?</summary>
    internal bool HasRelease => message == DhcpKind.Release;

    /// <summary>Begins; asks for <paramref name="earlier"/> first if there is one (INIT-REBOOT).</summary>
    public void Start(Instant now, Ipv4Address earlier = default)
    {
        Restart(now, 0);
        failures = 0;
        wanted = earlier;
        State = earlier.IsHost ? DhcpState.Rebooting : DhcpState.Init;
    }

    /// <summary>Gives the lease back and stops.</summary>
    public void Release(Instant now)
    {
        if (State == DhcpState.Off)
        {
            return;
        }

        bool holds = State is DhcpState.Bound or DhcpState.Renewing or DhcpState.Rebinding;
        message = holds ? DhcpKind.Release : DhcpKind.None;
        State = DhcpState.Off;
        action = DhcpAction.Drop;
        nameServerCount = 0;
        NextDue = now;
    }

    /// <summary>So much time has passed unnoticed: the lease is as much older.</summary>
    internal void Skip(long milliseconds)
    {
        if (State is DhcpState.Off || Lease.Seconds == Forever)
        {
            return;
        }

        Lease = Lease with
        {
            RenewAt = Lease.RenewAt.AddMilliseconds(-milliseconds),
            RebindAt = Lease.RebindAt.AddMilliseconds(-milliseconds),
            ExpiresAt = Lease.ExpiresAt.AddMilliseconds(-milliseconds),
        };
        NextDue = NextDue == Never ? Never : NextDue.AddMilliseconds(-milliseconds);
    }

    internal DhcpAction TakeAction()
    {
        DhcpAction taken = action;
        action = DhcpAction.None;
        return taken;
    }

    /// <summary>Does what is due: sends again, moves on, gives up.</summary>
    internal void Advance(Instant now)
    {
        if (now < NextDue)
        {
            return;
        }

        NextDue = Never;
        switch (State)
        {
            case DhcpState.Init:
                transaction = hash.Next();
                startedAt = now;
                tries = 0;
                State = DhcpState.Selecting;
                SendAgain(DhcpKind.Discover, now);
                break;
            case DhcpState.Selecting:
                SendAgain(DhcpKind.Discover, now);
                break;
            case DhcpState.Rebooting:
                transaction = tries == 0 ? hash.Next() : transaction;
                startedAt = tries == 0 ? now : startedAt;
                RequestAgain(now);
                break;
            case DhcpState.Requesting:
                RequestAgain(now);
                break;
            case DhcpState.Bound:
                transaction = hash.Next();
                startedAt = now;
                State = DhcpState.Renewing;
                AskForTime(now);
                break;
            case DhcpState.Renewing or DhcpState.Rebinding:
                AskForTime(now);
                break;
            default:
                break;
        }
    }

    /// <summary>Takes one message of a server.</summary>
    internal void Receive(ReadOnlySpan<byte> payload, MacAddress station, Instant now)
    {
        if (!DhcpMessage.TryDecode(payload, station, out DhcpReply reply)
            || reply.Transaction != transaction
            || !IsExpected(reply))
        {
            counters.Add(NetCounter.DhcpBad);
            return;
        }

        counters.Add(NetCounter.DhcpIn);
        switch (reply.Kind)
        {
            case DhcpKind.Offer:
                wanted = reply.Yours;
                server = reply.Server;
                tries = 0;
                State = DhcpState.Requesting;
                RequestAgain(now);
                break;
            case DhcpKind.Ack:
                OnGrant(reply, now);
                break;
            default:
                // Refused: the address is wrong here. A server that refuses for ever is asked ever more slowly.
                failures++;
                wanted = Ipv4Address.Any;
                Restart(now, Pause(failures));
                break;
        }
    }

    /// <summary>Nobody else has the address.</summary>
    internal void OnAddressGranted(Instant now)
    {
        if (State == DhcpState.Checking)
        {
            failures = 0;
            State = DhcpState.Bound;
            NextDue = Lease.RenewAt;
        }
    }

    /// <summary>Somebody else has the address: tell the server, and begin anew after a pause.</summary>
    internal void OnAddressLost(Instant now)
    {
        if (State is DhcpState.Checking or DhcpState.Bound or DhcpState.Renewing or DhcpState.Rebinding)
        {
            Restart(now, DeclineMilliseconds);
            message = DhcpKind.Decline;
        }
    }

    /// <summary>Writes the next message.</summary>
    internal bool TryTake(Span<byte> into, MacAddress station, Instant now, out DhcpOutput output)
    {
        output = default;
        if (message == DhcpKind.None)
        {
            return false;
        }

        bool hasAddress = message == DhcpKind.Release
            || (message == DhcpKind.Request && State is DhcpState.Renewing or DhcpState.Rebinding);
        bool isDirect = message == DhcpKind.Release || (hasAddress && State == DhcpState.Renewing);
        bool namesServer = message is DhcpKind.Release or DhcpKind.Decline
            || (message == DhcpKind.Request && State == DhcpState.Requesting);
        var question = new DhcpQuestion
        {
            Kind = message,
            Transaction = transaction,
            Seconds = (ushort)Math.Min((now - startedAt) / 1_000_000_000, ushort.MaxValue),
            Station = station,
            Client = hasAddress ? Lease.Configuration.Address : Ipv4Address.Any,
            Requested = hasAddress ? Ipv4Address.Any : wanted,
            Server = namesServer ? server : Ipv4Address.Any,
        };
        int length = DhcpMessage.Write(into, question, HostName);
        output = new DhcpOutput(question.Client, isDirect ? server : Ipv4Address.Broadcast, length);
        wanted = message == DhcpKind.Decline ? Ipv4Address.Any : wanted;
        message = DhcpKind.None;
        counters.Add(NetCounter.DhcpOut);
        return true;
    }

    private static bool IsHostName(string text)
    {
        foreach (char letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '-')
            {
                return false;
            }
        }

        return text.Length <= DhcpMessage.HostNameMax;
    }

    // Which message fits which state (RFC 2131, table 5 and figure 5).
    private bool IsExpected(in DhcpReply reply)
    {
        bool isOfOurServer = reply.Server == server;
        return reply.Kind switch
        {
            DhcpKind.Offer => State == DhcpState.Selecting && reply.Server.IsHost && IsUsable(reply),
            DhcpKind.Ack => State switch
            {
                DhcpState.Requesting => isOfOurServer && reply.Yours == wanted && IsUsable(reply),
                DhcpState.Rebooting or DhcpState.Renewing or DhcpState.Rebinding =>
                    reply.Server.IsHost && reply.Yours == wanted && IsUsable(reply),
                _ => false,
            },
            _ => State switch
            {
                DhcpState.Requesting or DhcpState.Renewing => isOfOurServer,
                DhcpState.Rebooting or DhcpState.Rebinding => true,
                _ => false,
            },
        };
    }

    private static bool IsUsable(in DhcpReply reply) =>
        reply.LeaseSeconds >= LeaseSecondsMin && ConfigurationOf(reply).IsValid;

    // Without a mask the old classes say how much of the address is the network's (RFC 1122, section 3.3.1.1). A router
    // that is not on the wire is of no use, and no reason to do without the address.
    private static InterfaceConfiguration ConfigurationOf(in DhcpReply reply)
    {
        int classLength = reply.Yours.Value >> 31 == 0 ? 8 : reply.Yours.Value >> 30 == 2 ? 16 : 24;
        int prefixLength = reply.HasMask ? reply.PrefixLength : classLength;
        bool isMtuUseful = reply.Mtu is >= InterfaceConfiguration.MtuMin and < InterfaceConfiguration.EthernetMtu;
        var configuration = new InterfaceConfiguration(
            reply.Yours, prefixLength, reply.Router, isMtuUseful ? reply.Mtu : 0);
        return configuration.IsValid ? configuration : configuration with { Gateway = Ipv4Address.Any };
    }

    private void OnGrant(in DhcpReply reply, Instant now)
    {
        bool isRenewal = State is DhcpState.Renewing or DhcpState.Rebinding;
        server = reply.Server;
        Lease = LeaseOf(reply, now);
        nameServers[0] = reply.NameServer0;
        nameServers[1] = reply.NameServer1;
        nameServers[2] = reply.NameServer2;
        nameServerCount = reply.NameServerCount;
        message = DhcpKind.None;
        tries = 0;
        State = isRenewal ? DhcpState.Bound : DhcpState.Checking;
        NextDue = isRenewal ? Lease.RenewAt : Never;
        action = isRenewal ? DhcpAction.Keep : DhcpAction.Use;
    }

    private static DhcpLease LeaseOf(in DhcpReply reply, Instant now)
    {
        // Defaults of RFC 2131, section 4.4.5, where the server says nothing, or nothing sensible.
        uint lease = reply.LeaseSeconds;
        uint rebind = reply.RebindSeconds > 0 && reply.RebindSeconds < lease
            ? reply.RebindSeconds
            : (uint)((ulong)lease * 7 / 8);
        uint renew = reply.RenewSeconds > 0 && reply.RenewSeconds < rebind
            ? reply.RenewSeconds
            : Math.Min(lease / 2, rebind);
        bool hasEnd = lease != Forever;
        return new DhcpLease(
            ConfigurationOf(reply),
            reply.Server,
            lease,
            hasEnd ? now.AddMilliseconds(renew * 1000L) : Never,
            hasEnd ? now.AddMilliseconds(rebind * 1000L) : Never,
            hasEnd ? now.AddMilliseconds(lease * 1000L) : Never);
    }

    private void Restart(Instant now, int milliseconds)
    {
        message = DhcpKind.None;
        State = DhcpState.Init;
        action = DhcpAction.Drop;
        nameServerCount = 0;
        tries = 0;

        // RFC 2131, section 4.4.1, would have nodes wait up to ten seconds, so that a whole house that gets its power
        // back does not ask at once; a part of a second spreads the few of a wire well enough.
        NextDue = now.AddMilliseconds(milliseconds + hash.Next(500));
    }

    private void SendAgain(DhcpKind kind, Instant now)
    {
        message = kind;
        tries++;
        NextDue = now.AddMilliseconds(Pause(tries));
    }

    private void RequestAgain(Instant now)
    {
        if (tries == RequestsMax)
        {
            wanted = default;
            Restart(now, 0);
            return;
        }

        SendAgain(DhcpKind.Request, now);
    }

    // Half of what is left until the next stage, and at least a minute (RFC 2131, section 4.4.5).
    private void AskForTime(Instant now)
    {
        if (now >= Lease.ExpiresAt)
        {
            Restart(now, 0);
            return;
        }

        if (now >= Lease.RebindAt)
        {
            State = DhcpState.Rebinding;
        }

        message = DhcpKind.Request;
        Instant stage = State == DhcpState.Rebinding ? Lease.ExpiresAt : Lease.RebindAt;
        Instant next = now.AddMilliseconds(Math.Max((stage - now) / 2_000_000, RenewMilliseconds));
        NextDue = next < stage ? next : stage;
    }

    private int Pause(int number)
    {
        int pause = Math.Min(RetryMilliseconds << Math.Min(number - 1, 8), RetryMaxMilliseconds);
        return pause - JitterMilliseconds + (int)hash.Next(2 * JitterMilliseconds);
    }
}
