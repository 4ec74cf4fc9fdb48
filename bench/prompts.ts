/** Prompts of one kilobyte of English, all alike in length: one that repeats, or as many different ones as are asked for. */

const words = `the of and to in is that for it as was with be by on not he his but at are this have from or had an they
which one you were all her she there would their we him been has when who will more no if out so said what up its about
into than them can only other new some could time these two may then do first any my now such like our over man me even
most made after also did many before must through years where much your way well down should because each just those
people how too little state good very make world still own see men work long get here between both life being under
never day same another know while last might us great old year off come since against go came right used take three
service report question answer customer delivery contract summary translate explain sentence paragraph invoice account`
  .trim()
  .split(/\s+/)

const promptCharacters = 1_024
/** Where a different number is written into each request, so that no two are alike however long a run is. */
export const counterText = '00000000'

/** The same text for the same number. */
export function prompt(number: number): string {
  let state = Math.imul(number + 1, 0x9e3779b1) >>> 0
  let text = `Request ${counterText}:`
  while (text.length < promptCharacters) {
    // A linear congruential generator (Knuth's numbers): any even spread of words will do.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += ` ${words[(state >>> 8) % words.length] ?? ''}`
    if ((state & 15) === 0) text += '.'
  }
  return text.slice(0, promptCharacters)
}
