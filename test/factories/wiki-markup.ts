import fc from 'fast-check';

/** Arbitrary wiki markup: all that Data Center has, half of it where it does not belong. */

const token = fc.constantFrom(
  ...['a', 'fire', 'b c', ' ', '*b*', '_i_', '{{m}}', '[~jo]', '!a.png|thumbnail!', '[^f.pdf]', 'snake_case', 'é', '👍'],
  ...['[t|http://x.y/z]', '[http://x.y]', '[a|#b]', 'http://x.y/z', '!http://x.y/z.png!'],
  ...['\n', '\n\n', '\n* ', '\n** ', '\n- ', '\n# ', '\nh2. ', '\nbq. ', '\n----\n', '\n|', '\n||', '|', '||'],
  ...['\\*', '\\', '\\\\', '&#124;', '&amp;', ' -- ', '---', ':)', '(/)', '??', '$&'],
  ...['{', '[', '(', '!', ':', '~', '^', '-', '+', '*', '_'],
  ...[
    '{toc}',
    '{color:red}',
    '{color}',
    '{quote}',
    '{code}',
    '{code}\n',
    '{code:java}',
    '{noformat}',
    '{panel:title=T}',
    '{panel}',
    '{adf}',
  ],
);

export const wikiMarkup: fc.Arbitrary<string> = fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(''));
