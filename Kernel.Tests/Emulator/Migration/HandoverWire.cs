using System;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Switch;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// A wire between two places that knows the frames of a hand-over. It loses tokens, and something can be made to happen
/// at the very moment at which one leaves a machine. There is always some chatter on it, as on any wire: a machine
/// takes its randomness from that.
/// </summary>
internal sealed class HandoverWire : IDisposable
{
    /// <summary>The two places.</summary>
    public const string Here = "here";

    /// <inheritdoc cref="Here"/>
    public const string There = "there";

    private readonly ScratchDirectory sockets = new();
    private readonly VirtualSwitch wire = new();
    private readonly MemoryPort chatter;
    private readonly Thread chatterer;
    private volatile string[] muted = [];
    private volatile bool isOver;
    private (string Place, Action Act)? trap;
    private int questions;

    /// <summary>A wire that loses nothing.</summary>
    public HandoverWire()
    {
        wire.Add(StreamPort.Listen(Here, new UnixDomainSocketEndPoint(sockets.File(Here))));
        wire.Add(StreamPort.Listen(There, new UnixDomainSocketEndPoint(sockets.File(There))));
        chatter = wire.Add(new MemoryPort("chatter"));
        wire.Locked(fabric => fabric.Filter = Passes);
        wire.Start();
        chatterer = new Thread(Chatter) { IsBackground = true, Name = "chatter" };
        chatterer.Start();
    }

    /// <summary>Questions that were asked so far.</summary>
    public int Questions => Volatile.Read(ref questions);

    /// <summary>A card at a place.</summary>
    public NetworkCard CardAt(string place, string model) => NetworkCard.OnStream(model, sockets.File(place)) with
    {
        Address = place == Here ? "52:54:00:00:00:01" : "52:54:00:00:00:02",
    };

    /// <summary>From now on the tokens that come from these places are lost, and no others.</summary>
    public void LoseTokensFrom(params string[] places) => muted = places;

    /// <summary>What happens when the next token has left the machine at a place, before anybody hears it.</summary>
    public void AtNextToken(string place, Action act) => wire.Locked(_ => trap = (place, act));

    /// <summary>Throws what has gone wrong in the switch.</summary>
    public void ThrowIfFailed() => wire.ThrowIfFailed();

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        chatterer.Join();
        wire.Dispose();
        sockets.Dispose();
    }

    private bool Passes(SwitchPort from, ReadOnlySpan<byte> frame)
    {
        LinkFrames.TryRead(frame, out LinkFrameKind kind, out _);
        switch (kind)
        {
            case LinkFrameKind.Question:
                Interlocked.Increment(ref questions);
                return true;
            case LinkFrameKind.Token:
                if (trap is var (place, act) && place == from.Name)
                {
                    trap = null;
                    act();
                }

                return !muted.Contains(from.Name);
            default:
                return true;
        }
    }

    // Frames of a type that nobody speaks (IEEE 802, local experiments, the second one), to everybody.
    private void Chatter()
    {
        byte[] frame = new byte[60];
        frame.AsSpan(0, 6).Fill(0xFF);
        frame[6] = 2;
        (frame[12], frame[13]) = (0x88, 0xB6);
        while (!isOver)
        {
            chatter.TrySend(frame);
            Thread.Sleep(4);
        }
    }
}
