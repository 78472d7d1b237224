using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>ARP messages to be sent. Our own addresses are filled in when a message leaves.</summary>
internal sealed class ArpOutput
{
    /// <summary>Messages that wait. Beyond this they are lost, as on the wire; who asked asks again.</summary>
    internal const int MessagesMax = 64;

    private readonly NetworkCounters counters;
    private readonly Message[] messages = new Message[MessagesMax];
    private int first;
    private int count;

    internal ArpOutput(NetworkCounters counters) => this.counters = counters;

    internal enum Kind : byte
    {
        Request,
        Reply,
        Probe,
        Announcement,
    }

    /// <summary>Asks for a neighbour.</summary>
    internal void Request(Ipv4Address target, MacAddress to) =>
        Add(new Message { Kind = Kind.Request, Station = to, Address = target });

    /// <summary>Answers. Half the room is kept for what this node has to say of its own.</summary>
    internal void Reply(Ipv4Address target, MacAddress to)
    {
        if (count >= MessagesMax / 2)
        {
            counters.Add(NetCounter.ArpQueueFull);
            return;
        }

        Add(new Message { Kind = Kind.Reply, Station = to, Address = target });
    }

    /// <summary>Asks whether somebody has an address (RFC 5227, section 2.1.1).</summary>
    internal void Probe(Ipv4Address wanted) =>
        Add(new Message { Kind = Kind.Probe, Station = MacAddress.Broadcast, Address = wanted });

    /// <summary>Tells everybody that an address is ours (RFC 5227, section 2.3).</summary>
    internal void Announce(Ipv4Address own) =>
        Add(new Message { Kind = Kind.Announcement, Station = MacAddress.Broadcast, Address = own });

    internal bool TryTake(MacAddress station, Ipv4Address own, out ArpPacket packet, out MacAddress to)
    {
        packet = default;
        to = default;
        if (count == 0)
        {
            return false;
        }

        ref Message message = ref messages[first];
        first = (first + 1) % MessagesMax;
        count--;
        to = message.Station;

        // A request's target station means nothing; zero is what everybody writes (RFC 5227, section 2.1.1, demands it
        // of probes).
        packet = message.Kind switch
        {
            Kind.Request => new ArpPacket(true, station, own, default, message.Address),
            Kind.Reply => new ArpPacket(false, station, own, message.Station, message.Address),
            Kind.Probe => new ArpPacket(true, station, Ipv4Address.Any, default, message.Address),
            _ => new ArpPacket(true, station, message.Address, default, message.Address),
        };
        return true;
    }

    internal void Clear() => count = 0;

    private void Add(in Message message)
    {
        if (count == MessagesMax)
        {
            counters.Add(NetCounter.ArpQueueFull);
            return;
        }

        messages[(first + count++) % MessagesMax] = message;
    }

    private struct Message
    {
        internal Kind Kind;
        internal MacAddress Station;
        internal Ipv4Address Address;
    }
}
