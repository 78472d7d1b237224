using System;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>A moment of a move, at the frame by which it can be told on the wire.</summary>
internal enum MoveMoment
{
    /// <summary>The target has said that it accepts; the source has not heard it.</summary>
    Pairing,

    /// <summary>Pages are on their way.</summary>
    Copying,

    /// <summary>
    /// The record of the source says that the node leaves. From here on the target hears nothing of it: not that it has
    /// the node.
    /// </summary>
    Leaving,

    /// <summary>The target has decided and has the node; the source has not heard it.</summary>
    Token,
}

/// <summary>
/// Recognises the moments of one move from outside, without any key: by its frames, and by what is on the source's disk
/// when one of them leaves.
/// </summary>
/// <param name="source">The place of the source.</param>
/// <param name="target">The place of the target.</param>
/// <param name="isLeaving">Does the source's record say that the node leaves? Asked at every frame with pages.</param>
internal sealed class MoveMoments(string source, string target, Func<bool>? isLeaving = null)
{
    private const int CopyingFrame = 30;

    // The greeting and its half of the handshake come before.
    private const int AcceptingSegment = 3;

    private ulong session;
    private int frames;
    private ushort conversation;
    private uint heard;
    private int segments;

    /// <summary>Looks at the next frame that leaves a place.</summary>
    /// <returns>The moment that begins with it; null if none does.</returns>
    public MoveMoment? Read(string from, ReadOnlySpan<byte> frame)
    {
        if (from == target && PairingSegment.TryRead(frame, out PairingSegment segment))
        {
            return ReadPairing(segment);
        }

        if ((from != source && from != target) || !LinkFrames.TryRead(frame, out LinkFrameKind kind, out ulong of))
        {
            return null;
        }

        if (kind == LinkFrameKind.Token)
        {
            return from == target && of == session ? MoveMoment.Token : null;
        }

        return kind == LinkFrameKind.Data ? ReadData(from == source, of) : null;
    }

    private MoveMoment? ReadPairing(in PairingSegment segment)
    {
        if (segment.PeerPort != conversation)
        {
            (conversation, segments, heard) = (segment.PeerPort, 0, segment.Sequence - 1);
        }

        if (segment.PayloadLength == 0 || (int)(segment.Sequence - heard) <= 0)
        {
            return null;
        }

        heard = segment.Sequence;
        return ++segments == AcceptingSegment ? MoveMoment.Pairing : null;
    }

    private MoveMoment? ReadData(bool isFromSource, ulong of)
    {
        if (of != session)
        {
            (session, frames) = (of, 0);
        }

        return !isFromSource ? null
            : ++frames == CopyingFrame ? MoveMoment.Copying
            : frames > CopyingFrame && isLeaving?.Invoke() == true ? MoveMoment.Leaving
            : null;
    }
}
