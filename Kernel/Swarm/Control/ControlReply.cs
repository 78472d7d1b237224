using System;
using System.Buffers.Binary;
using System.Text;
using HaukiOS.Hardware;
using HaukiOS.Lock;

namespace HaukiOS.Swarm;

/// <summary>
/// One message from the node: why it does not do what was asked, or how far the move has come. Little endian:
/// <code>
/// 0   1  1 refused, 2 report
/// 1   1  phase; the figures are zero in a refusal
/// 2   2  percent of its turns that the background worker gets
/// 4   4  round
/// 8   4  pages left in it
/// 12  4  estimated standstill in ms; 0: not known yet
/// 16  8  pages sent
/// 24  8  bytes sent
/// 32  8  sectors sent
/// 40  8  bytes a second
/// 48  8  pages written to, a second
/// 56  8  standstill in microseconds
/// 64  8  all of it, in ms
/// 72  2  length of the text
/// 74     text, UTF-8: the refusal, or what went wrong
/// </code>
/// </summary>
public sealed record ControlReply
{
    /// <summary>Bytes of a text, at most.</summary>
    public const int TextMax = 200;

    private const int HeaderLength = 74;
    private const byte Refused = 1;
    private const byte Report = 2;

    /// <summary>Why it is not done; null in a report.</summary>
    public string? Refusal { get; init; }

    /// <summary>How far the move has come, in a report.</summary>
    public MoveStatus Status { get; init; }

    /// <summary>Writes the message.</summary>
    /// <param name="into">At least <see cref="ControlProtocol.ReplyPadded"/> bytes.</param>
    /// <returns>Its length.</returns>
    public int Encode(Span<byte> into)
    {
        MoveStatus status = Status;
        into[0] = Refusal is null ? Report : Refused;
        into[1] = (byte)status.Phase;
        BinaryPrimitives.WriteUInt16LittleEndian(into[2..], (ushort)status.WorkerShare);
        BinaryPrimitives.WriteInt32LittleEndian(into[4..], status.Round);
        BinaryPrimitives.WriteInt32LittleEndian(into[8..], status.PagesLeft);
        BinaryPrimitives.WriteInt32LittleEndian(into[12..], status.EstimatedDowntimeMs);
        BinaryPrimitives.WriteInt64LittleEndian(into[16..], status.PagesSent);
        BinaryPrimitives.WriteInt64LittleEndian(into[24..], status.BytesSent);
        BinaryPrimitives.WriteInt64LittleEndian(into[32..], status.SectorsSent);
        BinaryPrimitives.WriteInt64LittleEndian(into[40..], status.BytesPerSecond);
        BinaryPrimitives.WriteInt64LittleEndian(into[48..], status.DirtyPagesPerSecond);
        BinaryPrimitives.WriteInt64LittleEndian(into[56..], status.DowntimeMicroseconds);
        BinaryPrimitives.WriteInt64LittleEndian(into[64..], status.TotalMs);
        string text = Refusal ?? status.Problem ?? string.Empty;
        while (Encoding.UTF8.GetByteCount(text) > TextMax)
        {
            text = text.Substring(0, text.Length - 1);
        }

        int length = Encoding.UTF8.GetBytes(text, into[HeaderLength..]);
        BinaryPrimitives.WriteUInt16LittleEndian(into[72..], (ushort)length);
        return HeaderLength + length;
    }

    /// <summary>Reads a message. Accepts exactly what <see cref="Encode"/> makes, and nothing else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, out ControlReply? reply)
    {
        reply = null;
        if (message.Length < HeaderLength
            || message.Length != HeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(message[72..])
            || message.Length > HeaderLength + TextMax
            || !Utf8Text.TryRead(message[HeaderLength..], out string text))
        {
            return false;
        }

        if (message[0] == Refused)
        {
            reply = new ControlReply { Refusal = text };
            return text.Length > 0 && message[1..72].IndexOfAnyExcept((byte)0) < 0;
        }

        var status = new MoveStatus
        {
            Phase = (MovePhase)message[1],
            WorkerShare = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]),
            Round = BinaryPrimitives.ReadInt32LittleEndian(message[4..]),
            PagesLeft = BinaryPrimitives.ReadInt32LittleEndian(message[8..]),
            EstimatedDowntimeMs = BinaryPrimitives.ReadInt32LittleEndian(message[12..]),
            PagesSent = BinaryPrimitives.ReadInt64LittleEndian(message[16..]),
            BytesSent = BinaryPrimitives.ReadInt64LittleEndian(message[24..]),
            SectorsSent = BinaryPrimitives.ReadInt64LittleEndian(message[32..]),
            BytesPerSecond = BinaryPrimitives.ReadInt64LittleEndian(message[40..]),
            DirtyPagesPerSecond = BinaryPrimitives.ReadInt64LittleEndian(message[48..]),
            DowntimeMicroseconds = BinaryPrimitives.ReadInt64LittleEndian(message[56..]),
            TotalMs = BinaryPrimitives.ReadInt64LittleEndian(message[64..]),
            Problem = text.Length > 0 ? text : null,
        };
        reply = new ControlReply { Status = status };
        return message[0] == Report && IsSound(status);
    }

    private static bool IsSound(in MoveStatus status) =>
        status.Phase is >= MovePhase.Idle and <= MovePhase.Receiving
        && status.WorkerShare <= 100
        && (status.Round | status.PagesLeft | status.EstimatedDowntimeMs) >= 0
        && (status.PagesSent | status.BytesSent | status.SectorsSent | status.BytesPerSecond) >= 0
        && (status.DirtyPagesPerSecond | status.DowntimeMicroseconds | status.TotalMs) >= 0;
}
