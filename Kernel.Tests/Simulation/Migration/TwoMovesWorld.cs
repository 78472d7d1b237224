using System;
using HaukiOS.Migration;

namespace HaukiOS.Tests.Simulation.Migration;

/// <summary>Whether a machine of the model has power.</summary>
internal enum Power : byte
{
    /// <summary>It is on.</summary>
    On,

    /// <summary>It is off, and may be switched on.</summary>
    Off,

    /// <summary>It never comes back.</summary>
    Dead,
}

/// <summary>
/// One of three machines. Its disk is the set of records that its medium may hold; a record is the state of the first
/// move and that of the second one, if that was ever written.
/// </summary>
internal readonly record struct Berth
{
    public Power Power { get; init; }

    /// <summary>Bits of <see cref="ContentOf"/>.</summary>
    public UInt128 Disk { get; init; }

    /// <summary>The record as the machine last read or wrote it.</summary>
    public byte Known { get; init; }

    /// <summary>Which move it is stepping; 0 if none.</summary>
    public byte Move { get; init; }

    /// <summary>A <see cref="SourcePhase"/> or a <see cref="TargetPhase"/>.</summary>
    public byte Phase { get; init; }

    /// <summary>Is it in the move, with the link's keys? Otherwise its witness speaks for it.</summary>
    public bool IsMoving { get; init; }

    /// <summary>Does the node work here?</summary>
    public bool Runs { get; init; }

    /// <summary>Is the node's state here, in memory or on the disk, the newest that there is?</summary>
    public bool IsFresh { get; init; }

    public HandoverState First => (HandoverState)(Known / 10);

    public HandoverState Second => (HandoverState)(Known % 10);

    /// <summary>The state that counts.</summary>
    public HandoverState State => Second != HandoverState.None ? Second : First;

    public SourcePhase AsSource => (SourcePhase)Phase;

    public TargetPhase AsTarget => (TargetPhase)Phase;

    public static int ContentOf(HandoverState first, HandoverState second) => ((int)first * 10) + (int)second;
}

/// <summary>What there is of one move besides the machines.</summary>
internal readonly record struct Passage
{
    /// <summary>Everything that was ever sent.</summary>
    public HandoverMessages Wire { get; init; }

    public bool HasBegun { get; init; }

    /// <summary>Has the target written that it is receiving, so that the source has heard of it?</summary>
    public bool IsHeard { get; init; }

    /// <summary>Is the newest state of the node with the link?</summary>
    public bool IsFresh { get; init; }
}

/// <summary>A node that goes from A to B, and from there back to A or on to C.</summary>
internal readonly record struct TwoMovesWorld
{
    public Berth A { get; init; }

    public Berth B { get; init; }

    public Berth C { get; init; }

    public Passage First { get; init; }

    public Passage Second { get; init; }

    public Berth this[int machine] => machine == 0 ? A : machine == 1 ? B : C;

    public Passage PassageOf(int move) => move == 1 ? First : Second;

    public TwoMovesWorld With(int machine, Berth berth) =>
        machine == 0 ? this with { A = berth } : machine == 1 ? this with { B = berth } : this with { C = berth };

    public TwoMovesWorld With(int move, Passage passage) =>
        move == 1 ? this with { First = passage } : this with { Second = passage };
}
