using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>What the guard of our address has to tell.</summary>
internal enum AddressEvent
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nobody has the address: it is ours now.</summary>
    Granted,

    /// <summary>Somebody has it, or takes it from us.</summary>
    Lost,
}

/// <summary>
/// Sees to it that no two nodes use our address (RFC 5227): asks before using it, announces it, defends it once in a
/// while, and gives it up, where it is not one that a person has set, to whoever insists.
/// </summary>
internal sealed class AddressGuard
{
    // The constants of RFC 5227, section 1.1.
    internal const int ProbeWaitMilliseconds = 1_000;
    internal const int ProbeCount = 3;
    internal const int ProbeMinMilliseconds = 1_000;
    internal const int ProbeMaxMilliseconds = 2_000;
    internal const int AnnounceWaitMilliseconds = 2_000;
    internal const int AnnounceCount = 2;
    internal const int AnnounceIntervalMilliseconds = 2_000;
    internal const int DefendIntervalMilliseconds = 10_000;
    internal const int ConflictsMax = 10;
    internal const int RateLimitMilliseconds = 60_000;

    private static readonly Instant Never = new(long.MaxValue);

    private readonly NetworkCounters counters;
    private readonly KeyedHash hash;
    private readonly ArpOutput output;
    private Ipv4Address address;
    private bool keepsAddress;
    private int probesLeft;
    private int announcementsLeft;
    private int conflicts;
    private Instant defendedAt;
    private bool hasDefended;
    private AddressEvent pending;

    internal AddressGuard(NetworkCounters counters, KeyedHash hash, ArpOutput output)
    {
        this.counters = counters;
        this.hash = hash;
        this.output = output;
    }

    internal AddressState State { get; private set; }

    internal MacAddress ConflictWith { get; private set; }

    internal Instant NextDue { get; private set; } = Never;

    /// <summary>Our address while it is in use.</summary>
    internal Ipv4Address InUse => State == AddressState.InUse ? address : Ipv4Address.Any;

    /// <summary>Begins with an address.</summary>
    /// <param name="wanted">The address; <see cref="Ipv4Address.Any"/>: none.</param>
    /// <param name="probe">Ask first whether somebody has it?</param>
    /// <param name="keep">Keep it whoever else uses it (RFC 5227, section 2.4 (c)): for an address that a person has
    /// set. One from a server is given up to who insists (section 2.4 (b)).</param>
    /// <param name="now">The present moment.</param>
    internal void Begin(Ipv4Address wanted, bool probe, bool keep, Instant now)
    {
        output.Clear();
        address = wanted;
        keepsAddress = keep;
        ConflictWith = default;
        hasDefended = false;
        pending = AddressEvent.None;
        announcementsLeft = 0;
        NextDue = Never;
        if (wanted == Ipv4Address.Any)
        {
            State = AddressState.None;
            return;
        }

        if (!probe)
        {
            Grant(now);
            return;
        }

        State = AddressState.Probing;
        probesLeft = ProbeCount;

        // Nodes that are switched on together must not probe together. Many conflicts mean that something is wrong with
        // the wire or with us: then slowly (RFC 5227, section 2.1.1).
        int wait = conflicts >= ConflictsMax ? RateLimitMilliseconds : (int)hash.Next(ProbeWaitMilliseconds);
        NextDue = now.AddMilliseconds(wait);
    }

    /// <summary>Looks at a message of another station.</summary>
    /// <returns>False if the message must not be believed: its sender claims our address.</returns>
    internal bool Watch(in ArpPacket packet, Instant now)
    {
        if (State == AddressState.Probing)
        {
            // Somebody has it, or probes for it at the same time (RFC 5227, section 2.1.1).
            bool isTaken = packet.Sender == address;
            bool isWanted = packet.IsRequest && packet.Sender == Ipv4Address.Any && packet.Target == address;
            if (isTaken || isWanted)
            {
                Lose(packet.SenderStation, now);
                return false;
            }
        }
        else if (State == AddressState.InUse && packet.Sender == address)
        {
            Defend(packet.SenderStation, now);
            return false;
        }

        return true;
    }

    internal void Announce(Instant now)
    {
        if (State == AddressState.InUse)
        {
            output.Announce(address);
            announcementsLeft = AnnounceCount - 1;
            NextDue = now.AddMilliseconds(AnnounceIntervalMilliseconds);
        }
    }

    internal void Advance(Instant now)
    {
        if (now < NextDue)
        {
            return;
        }

        NextDue = Never;
        if (State == AddressState.Probing)
        {
            if (probesLeft > 0)
            {
                output.Probe(address);
                probesLeft--;
                int wait = probesLeft == 0
                    ? AnnounceWaitMilliseconds
                    : ProbeMinMilliseconds + (int)hash.Next(ProbeMaxMilliseconds - ProbeMinMilliseconds);
                NextDue = now.AddMilliseconds(wait);
            }
            else
            {
                Grant(now);
            }
        }
        else if (State == AddressState.Conflict)
        {
            State = AddressState.Probing;
            probesLeft = ProbeCount;
            NextDue = now;
        }
        else if (State == AddressState.InUse && announcementsLeft > 0)
        {
            output.Announce(address);
            if (--announcementsLeft > 0)
            {
                NextDue = now.AddMilliseconds(AnnounceIntervalMilliseconds);
            }
        }
    }

    /// <summary>What there is to tell, once.</summary>
    internal AddressEvent TakeEvent()
    {
        AddressEvent taken = pending;
        pending = AddressEvent.None;
        return taken;
    }

    private void Grant(Instant now)
    {
        State = AddressState.InUse;
        pending = AddressEvent.Granted;
        conflicts = 0;
        Announce(now);
    }

    // A person's address is tried again: the other node may have been there by mistake, or be the place we moved from.
    private void Lose(MacAddress to, Instant now)
    {
        counters.Add(NetCounter.ArpConflict);
        ConflictWith = to;
        conflicts++;
        State = AddressState.Conflict;
        NextDue = keepsAddress ? now.AddMilliseconds(RateLimitMilliseconds) : Never;
        pending = AddressEvent.Lost;
    }

    private void Defend(MacAddress against, Instant now)
    {
        ConflictWith = against;
        bool isRecent = hasDefended && now < defendedAt.AddMilliseconds(DefendIntervalMilliseconds);
        if (isRecent && !keepsAddress)
        {
            Lose(against, now);
            return;
        }

        counters.Add(NetCounter.ArpConflict);
        if (!isRecent)
        {
            hasDefended = true;
            defendedAt = now;
            output.Announce(address);
        }
    }
}
