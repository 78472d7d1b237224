using System;

namespace HaukiOS.Swarm;

/// <summary>
/// Which counters were received: a bit for each of the last <see cref="Width"/>, in a ring of words that never has to
/// be shifted (RFC 6479). A counter is accepted once.
/// </summary>
public sealed class ReplayWindow
{
    /// <summary>How far a datagram may come behind the newest one.</summary>
    public const int Width = (Words - 1) * WordBits;

    private const int Words = 64;
    private const int WordBits = 32;

    private readonly uint[] seen = new uint[Words];
    private ulong topWord;

    /// <summary>One more than the highest counter accepted.</summary>
    public ulong Next { get; private set; }

    /// <summary>Could this counter be accepted? Asked before the datagram is authenticated; changes nothing.</summary>
    public bool IsNew(ulong counter) =>
        counter >= Next
        || (Next - counter <= Width && (seen[IndexOf(counter)] & BitOf(counter)) == 0);

    /// <summary>Accepts a counter that <see cref="IsNew"/>, once its datagram is proven authentic.</summary>
    public void Accept(ulong counter)
    {
        ulong word = counter / WordBits;
        if (word > topWord)
        {
            // The words between were those of counters too old now.
            uint steps = (uint)Math.Min(word - topWord, Words);
            for (uint i = 1; i <= steps; i++)
            {
                seen[(int)(((uint)topWord + i) % Words)] = 0;
            }

            topWord = word;
        }

        seen[IndexOf(counter)] |= BitOf(counter);
        Next = Math.Max(Next, counter + 1);
    }

    private static int IndexOf(ulong counter) => (int)((uint)(counter / WordBits) % Words);

    private static uint BitOf(ulong counter) => 1u << (int)((uint)counter % WordBits);
}
