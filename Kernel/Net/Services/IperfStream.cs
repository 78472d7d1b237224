using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net.Services;

/// <summary>
/// A data connection of an iperf3 test. Nothing is done to the bytes but counting: what is measured is the stack.
/// </summary>
internal sealed class IperfStream(TcpConnection connection, bool sends) : ISocketOwner
{
    private const int FillerLength = 64 * 1024;

    private static readonly byte[] Filler = new byte[FillerLength];

    private long received;
    private long omitted;
    private uint omittedRetransmissions;

    public TcpConnection Connection { get; } = connection;

    /// <summary>Does this end send?</summary>
    public bool Sends { get; } = sends;

    /// <summary>May data flow?</summary>
    public bool IsRunning { get; set; }

    /// <summary>Bytes received, or sent and acknowledged, that count.</summary>
    public long Bytes => Total - omitted;

    /// <summary>Segments sent again.</summary>
    public uint Retransmissions => Connection.Statistics.Retransmissions - omittedRetransmissions;

    private long Total => Sends ? Connection.Statistics.BytesAcknowledged : received;

    /// <summary>What was counted so far does not count.</summary>
    public void Omit()
    {
        omitted = Total;
        omittedRetransmissions = Connection.Statistics.Retransmissions;
    }

    public void OnSocketReady(NetSocket socket, Instant now)
    {
        while (Connection.Peek().Length is > 0 and int length)
        {
            Connection.Consume(length, now);
            received += length;
        }

        if (Sends && IsRunning)
        {
            while (Connection.Send(Filler, now) == FillerLength)
            {
                // As much as there is room for.
            }
        }
    }
}
