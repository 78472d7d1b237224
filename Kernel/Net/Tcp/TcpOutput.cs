namespace HaukiOS.Net;

/// <summary>What IP is to do with a segment that TCP has written.</summary>
/// <param name="Source">From where.</param>
/// <param name="Destination">To where.</param>
/// <param name="Length">Its bytes, header and payload.</param>
/// <param name="DontFragment">No router may cut it.</param>
/// <param name="IsChecksumLeft">
/// The card sums it up; the checksum field holds the sum of the pseudo header (without the length, if the card cuts).
/// </param>
/// <param name="CutInto">The card cuts it into segments of so many bytes of payload; 0: it goes as it is.</param>
public readonly record struct TcpOutput(
    Ipv4Address Source, Ipv4Address Destination, int Length, bool DontFragment, bool IsChecksumLeft = false,
    int CutInto = 0);
