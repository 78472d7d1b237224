using System;
using HaukiOS.Hardware;

namespace HaukiOS.Net;

/// <summary>
/// Somebody beside the stack who shares its card: a move, whose frames must not pass through what is being moved.
/// Asked before the stack, for frames that came and for frames to send.
/// </summary>
public interface IFrameSide
{
    /// <summary>Takes a received frame, if it is one of its own.</summary>
    /// <returns>False: it is the stack's.</returns>
    bool TryTake(ReadOnlySpan<byte> frame, Instant now);

    /// <summary>Writes the next frame to send.</summary>
    /// <returns>Its length; 0: there is none.</returns>
    int Transmit(Span<byte> room, Instant now);
}
