using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using HaukiOS.Hardware;
using HaukiOS.Host.Emulator;
using HaukiOS.Host.Switch;
using HaukiOS.Migration;
using HaukiOS.Store;
using HaukiOS.Tests.Simulation.Store;

namespace HaukiOS.Tests.Emulator.Migration;

/// <summary>
/// A wire between places that knows the frames of a move. It loses tokens, something can be made to happen at the very
/// moment at which a frame leaves a machine, and somebody on it can do to frames whatever they like. There is always
/// some chatter on it, as on any wire: a machine takes its randomness from that.
/// </summary>
internal sealed class HandoverWire : IDisposable
{
    /// <summary>The two places, where there are no others.</summary>
    public const string Here = "here";

    /// <inheritdoc cref="Here"/>
    public const string There = "there";

    private readonly ScratchDirectory sockets = new();
    private readonly VirtualSwitch wire = new();
    private readonly MemoryPort chatter;
    private readonly Thread chatterer;
    private readonly string[] places;
    private readonly List<Trap> traps = [];
    private volatile string[] muted = [];
    private volatile string[] cut = [];
    private volatile FrameAttack? attack;
    private volatile bool isOver;
    private bool isAttacking;
    private int questions;

    /// <summary>A wire that loses nothing.</summary>
    /// <param name="places">Where machines can stand; without any <see cref="Here"/> and <see cref="There"/>.</param>
    public HandoverWire(params string[] places)
    {
        this.places = places.Length > 0 ? places : [Here, There];
        foreach (var place in this.places)
        {
            wire.Add(StreamPort.Listen(place, new UnixDomainSocketEndPoint(sockets.File(place))));
        }

        chatter = wire.Add(new MemoryPort("chatter"));
        Tester = wire.Add(new MemoryPort("tester"));
        wire.Locked(fabric => fabric.Filter = (from, frame) => Passes(fabric, from, frame));
        wire.Start();
        chatterer = new Thread(Chatter) { IsBackground = true, Name = "chatter" };
        chatterer.Start();
    }

    /// <summary>Questions that were asked so far.</summary>
    public int Questions => Volatile.Read(ref questions);

    /// <summary>Where the test itself is on the wire.</summary>
    public MemoryPort Tester { get; }

    /// <summary>What somebody does to frames at present; null: nothing.</summary>
    public FrameAttack? Attack
    {
        get => attack;
        set => attack = value;
    }

    /// <summary>A card at a place.</summary>
    public NetworkCard CardAt(string place, string model) => NetworkCard.OnStream(model, sockets.File(place)) with
    {
        Address = string.Create(
            CultureInfo.InvariantCulture, $"52:54:00:00:00:{Array.IndexOf(places, place) + 1:x2}"),
    };

    /// <summary>From now on the tokens that come from these places are lost, and no others.</summary>
    public void LoseTokensFrom(params string[] places) => muted = places;

    /// <summary>From now on everything is lost that comes from these places, and from no others.</summary>
    public void Cut(params string[] from) => cut = from;

    /// <summary>
    /// What happens when a moment of the next move between two places has come. The frame by which it is told has left
    /// its machine, and nobody hears it.
    /// </summary>
    public void At(
        MoveMoment moment, string source, string target, Action act, Func<bool>? isLeaving = null) =>
        wire.Locked(_ =>
        {
            traps.Add(new Trap(moment, new MoveMoments(source, target, isLeaving), act));
            return true;
        });

    /// <summary>What the record on a disk says at this moment.</summary>
    public static HandoverState StateOf(string image)
    {
        byte[] headers = new byte[VolumeLayout.HeaderSectors * IBlockDevice.SectorSize];
        using FileStream file = new(image, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.ReadExactly(headers);
        return HandoverJournal.Open(SimulatedDisk.FromImage(headers)).State;
    }

    /// <summary>Throws what has gone wrong in the switch.</summary>
    public void ThrowIfFailed() => wire.ThrowIfFailed();

    /// <inheritdoc/>
    public void Dispose()
    {
        isOver = true;
        chatterer.Join();
        wire.Dispose();
        sockets.Dispose();

        // A wire that has gone dead looks like machines that say nothing.
        ThrowIfFailed();
    }

    private bool Passes(SwitchFabric fabric, SwitchPort from, ReadOnlySpan<byte> frame)
    {
        LinkFrames.TryRead(frame, out LinkFrameKind kind, out _);
        if (kind == LinkFrameKind.Question)
        {
            Interlocked.Increment(ref questions);
        }

        if (isAttacking)
        {
            return true;
        }

        var isHeard = !IsTrapped(from.Name, frame)
            && !cut.Contains(from.Name)
            && !(kind == LinkFrameKind.Token && muted.Contains(from.Name));
        if (!isHeard || attack is not { } mangle || !places.Contains(from.Name))
        {
            return isHeard;
        }

        isAttacking = true;
        foreach (byte[] other in mangle(from.Name, frame.ToArray()))
        {
            fabric.Receive(from, other, wire.Now);
        }

        isAttacking = false;
        return false;
    }

    private bool IsTrapped(string from, ReadOnlySpan<byte> frame)
    {
        for (var i = traps.Count - 1; i >= 0; i--)
        {
            Trap trap = traps[i];
            if (trap.Moments.Read(from, frame) == trap.Moment)
            {
                traps.RemoveAt(i);
                trap.Act();
                return true;
            }
        }

        return false;
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

    private sealed record Trap(MoveMoment Moment, MoveMoments Moments, Action Act);
}

/// <summary>What somebody on the wire does to a frame: says which frames go on in its stead, none or many.</summary>
/// <param name="place">Where it comes from.</param>
/// <param name="frame">The frame; the attacker's own.</param>
internal delegate IEnumerable<byte[]> FrameAttack(string place, byte[] frame);
