namespace HaukiOS.Net;

/// <summary>What the node is on its wire. The default value: nothing yet.</summary>
/// <param name="Address">The node's address; <see cref="Ipv4Address.Any"/>: not configured.</param>
/// <param name="PrefixLength">Bits of the address that all hosts of this wire share, 0 to 32.</param>
/// <param name="Gateway">The router for everything else; <see cref="Ipv4Address.Any"/>: there is none.</param>
/// <param name="Mtu">The longest IPv4 datagram on this wire; 0 stands for Ethernet's 1500.</param>
public readonly record struct InterfaceConfiguration(
    Ipv4Address Address, int PrefixLength, Ipv4Address Gateway, int Mtu = 0)
{
    /// <summary>The longest datagram in an Ethernet frame (RFC 894).</summary>
    public const int EthernetMtu = 1500;

    /// <summary>
    /// The shortest MTU we accept for our own wire. RFC 791, section 3.2, allows 68; nobody builds such a wire, and a
    /// hostile DHCP server must not make every segment carry eight bytes.
    /// </summary>
    public const int MtuMin = 576;

    /// <summary>Has the node an address?</summary>
    public bool IsConfigured => Address != Ipv4Address.Any;

    /// <summary>The MTU to use.</summary>
    public int EffectiveMtu => Mtu is >= MtuMin and < EthernetMtu ? Mtu : EthernetMtu;

    /// <summary>The bits that the hosts of this wire share.</summary>
    public uint Mask => PrefixLength <= 0 ? 0 : uint.MaxValue << (32 - PrefixLength);

    /// <summary>
    /// The broadcast address of this wire (RFC 919); of no use with a prefix of 31 or 32 bits (RFC 3021).
    /// </summary>
    public Ipv4Address DirectedBroadcast => new(Address.Value | ~Mask);

    /// <summary>Can it be used: a host's address, inside its prefix, with a gateway on the same wire?</summary>
    public bool IsValid =>
        PrefixLength is >= 1 and <= 32
        && Address.IsHost
        && !(PrefixLength <= 30 && ((Address.Value & ~Mask) == 0 || Address == DirectedBroadcast))
        && (Gateway == Ipv4Address.Any
            || (Gateway.IsHost && Gateway != Address && IsOnWire(Gateway) && !IsBroadcast(Gateway)));

    /// <summary>Is it a host of this wire, to be reached without a router?</summary>
    public bool IsOnWire(Ipv4Address address) => ((address.Value ^ Address.Value) & Mask) == 0;

    /// <summary>Does it mean everybody on this wire (RFC 1122, section 3.2.1.3)?</summary>
    public bool IsBroadcast(Ipv4Address address) =>
        address == Ipv4Address.Broadcast
        || (IsConfigured && PrefixLength <= 30 && IsOnWire(address)
            && (address == DirectedBroadcast || (address.Value & ~Mask) == 0));

    /// <inheritdoc/>
    public override string ToString() => IsConfigured
        ? $"{Address}/{PrefixLength}" + (Gateway == Ipv4Address.Any ? "" : $" via {Gateway}")
        : "not configured";
}

/// <summary>Where an address is on its way to being used (RFC 5227).</summary>
public enum AddressState
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>We ask whether somebody has it. Nothing but ARP is sent.</summary>
    Probing,

    /// <summary>It is ours.</summary>
    InUse,

    /// <summary>Somebody else has it; we do not use it.</summary>
    Conflict,
}
