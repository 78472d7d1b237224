using System;
using System.Collections.Generic;
using HaukiOS.Hardware;
using HaukiOS.Loop;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Drivers;

/// <summary>What stays in place while the devices change: the consoles' slots, and the list of who is told.</summary>
[TestFixture]
public sealed class SlotTests
{
    [Test]
    public void An_empty_slot_is_silent_and_a_filled_one_is_the_device()
    {
        ConsoleSlot slot = new();
        slot.Write("lost"u8);
        Assert.That(slot.TryRead(out _), Is.False);
        Line line = new();
        slot.Device = line;
        slot.Write("x"u8);
        Assert.That(line.Written, Is.EqualTo(new[] { (byte)'x' }));
        Assert.That(slot.TryRead(out byte value) ? value : 0, Is.EqualTo((byte)'y'));
        slot.Device = null;
        Assert.That(slot.TryRead(out _), Is.False);
    }

    [Test]
    public void Everybody_is_told_of_a_jump_in_order_and_their_number_is_bounded()
    {
        TimeJumps jumps = new();
        List<int> told = new();
        for (int i = 0; i < TimeJumps.ListenerMax; i++)
        {
            jumps.Add(new Listener(i, told));
        }

        Assert.That(() => jumps.Add(new Listener(99, told)), Throws.InvalidOperationException);
        TimeJump jump = new(TimeJumpCause.StoodStill, new Instant(5), 1200);
        jumps.Tell(jump);
        Assert.That(told, Is.Ordered.And.Count.EqualTo(TimeJumps.ListenerMax));
        Assert.That((jumps.Count, jumps.Last), Is.EqualTo((1, jump)));
        Assert.That(jump.MayBeCopied && !(jump with { Cause = TimeJumpCause.Landed }).MayBeCopied);
    }

    private sealed class Line : IConsolePort
    {
        public List<byte> Written { get; } = new();

        public bool TryRead(out byte value)
        {
            value = (byte)'y';
            return true;
        }

        public void Write(ReadOnlySpan<byte> bytes) => Written.AddRange(bytes.ToArray());
    }

    private sealed class Listener(int number, List<int> told) : ITimeJumpListener
    {
        public void OnTimeJump(in TimeJump jump) => told.Add(number);
    }
}
