namespace HaukiOS.Conformance;

/// <summary>Every area of the suite, in the order they run. A new area is one line here.</summary>
public static class Areas
{
    /// <summary>Builds the whole suite.</summary>
    public static Suite All()
    {
        Suite suite = new();
        StringCases.AddTo(suite);
        FormatCases.AddTo(suite);
        ParseCases.AddTo(suite);
        TextCases.AddTo(suite);
        CollectionCases.AddTo(suite);
        SpanCases.AddTo(suite);
        MathCases.AddTo(suite);
        TimeCases.AddTo(suite);
        LinqCases.AddTo(suite);
        AsyncCases.AddTo(suite);
        ExceptionFlowCases.AddTo(suite);
        ExceptionFilterCases.AddTo(suite);
        ExceptionNestingCases.AddTo(suite);
        ExceptionFaultCases.AddTo(suite);
        ExceptionBoundaryCases.AddTo(suite);
        StoreCases.AddTo(suite);
        CryptoCases.AddTo(suite);
        LockCases.AddTo(suite);
        LanguageCases.AddTo(suite);
        GcCases.AddTo(suite);
        return suite;
    }
}
