using System;
using System.Buffers.Binary;
using HaukiOS.Hardware;
using HaukiOS.Lock;
using HaukiOS.Net;

namespace HaukiOS.Swarm;

/// <summary>What an operator wants of a running node. The numbers are those on the wire.</summary>
public enum ControlRequestKind : byte
{
    /// <summary>To be told how a move goes.</summary>
    Watch = 1,

    /// <summary>That the node moves.</summary>
    Migrate = 2,

    /// <summary>That it gives the move up.</summary>
    Cancel = 3,
}

/// <summary>
/// One message from the operator. Little endian: kind (1), target's address as on the wire (4), milliseconds that the
/// node may stand still (4), length of the code (1), code in UTF-8. All zero after the kind where it does not move.
/// </summary>
public sealed record ControlRequest
{
    /// <summary>Bytes of a code, at most.</summary>
    public const int CodeMax = 64;

    /// <summary>The longest standstill that can be asked for, in ms.</summary>
    public const int DowntimeMaxMs = 60_000;

    private const int HeaderLength = 10;

    /// <summary>What is wanted.</summary>
    public ControlRequestKind Kind { get; init; }

    /// <summary>Where to; null unless it is a move.</summary>
    public MoveOrder? Order { get; init; }

    /// <summary>Writes the message.</summary>
    /// <param name="into">At least <see cref="ControlProtocol.RequestPadded"/> bytes.</param>
    /// <returns>Its length.</returns>
    public int Encode(Span<byte> into)
    {
        into[..HeaderLength].Clear();
        into[0] = (byte)Kind;
        if (Order is null)
        {
            return HeaderLength;
        }

        Order.Target.Write(into[1..]);
        BinaryPrimitives.WriteInt32LittleEndian(into[5..], Order.DowntimeMs);
        string code = Order.Code ?? string.Empty;
        int length = System.Text.Encoding.UTF8.GetBytes(code, into.Slice(HeaderLength, CodeMax));
        into[9] = (byte)length;
        return HeaderLength + length;
    }

    /// <summary>Reads a message. Accepts exactly what <see cref="Encode"/> makes, and nothing else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> message, out ControlRequest? request)
    {
        request = null;
        if (message.Length < HeaderLength || message.Length != HeaderLength + message[9] || message[9] > CodeMax)
        {
            return false;
        }

        var kind = (ControlRequestKind)message[0];
        int downtime = BinaryPrimitives.ReadInt32LittleEndian(message[5..]);
        if (kind is ControlRequestKind.Watch or ControlRequestKind.Cancel)
        {
            request = new ControlRequest { Kind = kind };
            return message[1..].IndexOfAnyExcept((byte)0) < 0;
        }

        Ipv4Address target = Ipv4Address.Read(message[1..]);
        if (kind != ControlRequestKind.Migrate
            || target == Ipv4Address.Any
            || downtime is < 1 or > DowntimeMaxMs
            || !Utf8Text.TryRead(message[HeaderLength..], out string code))
        {
            return false;
        }

        request = new ControlRequest
        {
            Kind = kind,
            Order = new MoveOrder(target, code.Length > 0 ? code : null) { DowntimeMs = downtime },
        };
        return true;
    }
}
