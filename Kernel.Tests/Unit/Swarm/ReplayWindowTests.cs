using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>RFC 6479, and what every replay window owes.</summary>
[TestFixture]
public sealed class ReplayWindowTests
{
    [Test]
    public void A_counter_is_accepted_once()
    {
        var window = new ReplayWindow();
        foreach (ulong counter in new ulong[] { 0, 1, 5, 3, 100_000, 99_999, ulong.MaxValue - 1 })
        {
            Assert.That(window.IsNew(counter), Is.True, $"{counter}");
            window.Accept(counter);
            Assert.That(window.IsNew(counter), Is.False, $"{counter}");
        }
    }

    [Test]
    public void The_window_is_exactly_as_wide_as_it_says()
    {
        Assert.That(ReplayWindow.Width, Is.GreaterThanOrEqualTo(1024));
        for (ulong top = 5000; top < 5100; top++)
        {
            var window = new ReplayWindow();
            window.Accept(top);
            ulong oldest = top + 1 - ReplayWindow.Width;
            Assert.That(window.IsNew(oldest), Is.True);
            Assert.That(window.IsNew(oldest - 1), Is.False);
        }
    }

    [Test]
    public void The_window_agrees_with_a_set_of_everything_seen()
    {
        Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 40], Gen.Bool).Array[1, 400].Sample(
            moves =>
            {
                var window = new ReplayWindow();
                var seen = new HashSet<ulong>();
                ulong next = 0;
                foreach ((int distance, int step, bool isBack) in moves)
                {
                    ulong back = Math.Min((ulong)distance, next);
                    ulong counter = isBack ? next - back : next + (ulong)(step * step);
                    bool isNew = !seen.Contains(counter)
                        && (counter >= next || next - counter <= ReplayWindow.Width);
                    if (window.IsNew(counter) != isNew)
                    {
                        return false;
                    }

                    if (isNew)
                    {
                        window.Accept(counter);
                        seen.Add(counter);
                        next = Math.Max(next, counter + 1);
                    }
                }

                return window.Next == next;
            },
            iter: 2000);
    }
}
