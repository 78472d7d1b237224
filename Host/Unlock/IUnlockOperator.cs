using System;
using HaukiOS.Lock;
using HaukiOS.Secrets;

namespace HaukiOS.Host.Unlock;

/// <summary>The person, or the script, that unlocks.</summary>
public interface IUnlockOperator
{
    /// <summary>Asks one question.</summary>
    /// <param name="number">Which one, from 1.</param>
    /// <param name="count">Of how many.</param>
    /// <param name="question">The question.</param>
    /// <param name="answer">Room for the answer, UTF-8.</param>
    /// <returns>The answer's length; more than the room if it was too long; negative if there is none.</returns>
    int Ask(int number, int count, Question question, SecretBytes answer);

    /// <summary>Says a line.</summary>
    void Say(string line);

    /// <summary>Shows how far the derivation is.</summary>
    void Progress(int thousandths);

    /// <summary>Lets time pass.</summary>
    void Wait(TimeSpan time);
}
